import { expect } from 'chai';
import { Random } from '../../src/data/index.js';
import { SPIKE } from '../../src/train/index.js';
import { LossSpikes } from '../../src/train/lossSpikes.js';

/** Losses whose logarithms are normal, with deviation s. */
const losses = (n: number, s: number): number[] => {
  const random = new Random(1);
  return Array.from({ length: n }, () => 0.05 * Math.exp(s * random.normal()));
};

describe('LossSpikes', () => {
  it('says how many deviations a loss is above the median of those before', () => {
    const spikes = new LossSpikes(losses(1000, 0.5));
    const z = spikes.next(0.05 * Math.exp(0.5 * 12));
    expect(z).to.be.within(9.5, 15); // 12, from 100 losses
    expect(new LossSpikes(losses(1000, 0.5)).next(0.05 * Math.exp(0.5 * (SPIKE - 3)))).to.equal(undefined);
  });

  it('is silent on losses without spikes, low ones, and the first twenty', () => {
    const spikes = new LossSpikes([]);
    const said = losses(5000, 1).filter((loss) => spikes.next(loss) !== undefined);
    expect(said).to.deep.equal([]);
    expect(spikes.next(1e-9)).to.equal(undefined);
    const early = new LossSpikes(losses(18, 0.1));
    expect(early.next(1e3)).to.equal(undefined);
    expect(early.next(1e3)).to.equal(undefined);
    expect(early.next(1e3)).to.be.above(SPIKE);
  });

  it('gets used to a level that stays', () => {
    const spikes = new LossSpikes(losses(100, 0.1));
    const said = losses(200, 0.1).map((loss) => spikes.next(100 * loss));
    expect(said.slice(0, 10).every((z) => z !== undefined)).to.equal(true);
    expect(said.slice(100).every((z) => z === undefined)).to.equal(true);
  });

  it('goes on after a pause as without one', () => {
    const all = losses(300, 1).map((loss, i) => (i % 50 === 49 ? 1e4 * loss : loss));
    const straight = new LossSpikes([]);
    const expected = all.map((loss) => straight.next(loss));
    const resumed = new LossSpikes(all.slice(0, 170));
    expect(all.slice(170).map((loss) => resumed.next(loss))).to.deep.equal(expected.slice(170));
    expect(expected.filter((z) => z !== undefined).length).to.be.above(3);
  });
});

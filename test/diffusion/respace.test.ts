import { expect } from 'chai';
import fc from 'fast-check';
import {
  defaultDiffusion,
  type Denoiser,
  type Diagonal,
  lambda,
  makeSchedule,
  marginal,
  respaced,
  sampleClip,
  transition,
} from '../../src/diffusion/index.js';
import { expectClose } from './close.js';
import { config, ends, setting, white } from './setting.js';

/** A process of T steps, and K of them. */
const both = setting(1).chain((setting) =>
  fc.record({ setting: fc.constant(setting), K: fc.integer({ min: 1, max: setting.s.T }) }),
);
const stepsOf = ({ timesteps }: { timesteps?: readonly number[] }): readonly number[] =>
  timesteps ?? expect.fail('no timesteps');

describe('a chain of K of the T steps', () => {
  it('ends where the long one does, and takes steps of even length in between', () =>
    fc.assert(
      fc.property(config.map(makeSchedule), fc.nat(), (s, seed) => {
        const K = 1 + (seed % s.T);
        const short = respaced(s, K);
        const steps = stepsOf(short);
        expect([short.T, steps[0], steps[K], steps.length]).to.deep.equal([K, 0, s.T, K + 1]);
        for (let k = 1; k <= K; k++)
          expect(steps[k] - steps[k - 1]).to.be.within(Math.floor(s.T / K), Math.ceil(s.T / K));
      }),
    ));

  it('is the same chain for K = T', () =>
    fc.assert(
      fc.property(config.map(makeSchedule), (s) => {
        const { timesteps, ...same } = respaced(s, s.T);
        expect(same).to.deep.equal(s);
        expect(timesteps).to.deep.equal(Array.from({ length: s.T + 1 }, (_, t) => t));
      }),
    ));

  it('has the marginals (3) of the long one, exactly', () =>
    fc.assert(
      fc.asyncProperty(both, async ({ setting, K }) => {
        const { s } = setting;
        const [u0, ul] = ends(setting);
        const short = respaced(s, K);
        for (const [k, t] of stepsOf(short).entries()) {
          const [own, long] = [marginal(u0, ul, k, short), marginal(u0, ul, t, s)];
          expect(own.variance).to.equal(long.variance);
          await expectClose(own.mean, long.mean, 0);
        }
      }),
      { numRuns: 30 },
    ));

  it('has steps (31) that are the long one’s, composed', () =>
    fc.assert(
      fc.asyncProperty(both, async ({ setting, K }) => {
        const { s } = setting;
        const [ul, start] = ends(setting);
        const short = respaced(s, K);
        const steps = stepsOf(short);
        for (let k = 1; k <= K; k++) {
          let [mean, variance] = [start, new Float64Array(s.p ** 2)];
          for (let t = steps[k - 1] + 1; t <= steps[k]; t++) {
            const own = transition(mean, ul, t, s);
            const kept = lambda(t, s).values;
            mean = own.mean;
            variance = (own.variance as Diagonal).values.map((v, i) => kept[i] ** 2 * variance[i] + v);
          }
          const direct = transition(start, ul, k, short);
          await expectClose(direct.mean, mean);
          await expectClose((direct.variance as Diagonal).values, variance);
        }
      }),
      { numRuns: 20 },
    ));

  it('tells the denoiser the long one’s steps, of one that was respaced before as well', async () => {
    const s = respaced(makeSchedule(defaultDiffusion), 8); // 0, 2, 4, 6, 8, 10, 12, 14, 15
    expect(s.timesteps).to.deep.equal([0, 2, 4, 6, 8, 10, 12, 14, 15]);
    const told: number[] = [];
    const spy: Denoiser = (state, t) => {
      told.push(t);
      return state;
    };
    await sampleClip(spy, white([1, 3, 4, 4], 1), [0], respaced(s, 4), { seed: 1 });
    expect(told).to.deep.equal([15, 12, 8, 4]);
  });

  it('is refused where there are not so many steps', () => {
    const s = makeSchedule(defaultDiffusion);
    for (const K of [0, 16, -1, 2.5, NaN])
      expect(() => respaced(s, K)).to.throw(RangeError, `an integer in 1 … 15, got ${K}`);
  });
});

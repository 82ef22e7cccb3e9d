import { expect } from 'chai';
import fc from 'fast-check';
import { degradedSource, mixedSource, type PairSource, proceduralSource } from '../../src/data/index.js';
import { degrade } from '../../src/data/index.js';
import { noisePicture } from './pictures.js';

/** A source whose clips tell which source they are of. */
const marked = (mark: number): PairSource => ({
  name: String(mark),
  pair: (index, frames, size) => ({
    hr: [{ width: size, height: frames, data: Uint8Array.of(mark, index % 251) }],
    lr: [noisePicture(mark, 1, 1)],
  }),
});
const markOf = (source: PairSource, index: number): number => source.pair(index, 1, 4).hr[0].data[0];

describe('degradedSource', () => {
  it('has the clips of its source and their LR frames', () => {
    const { hr, lr } = degradedSource(proceduralSource(2)).pair(7, 2, 16);
    expect(hr).to.deep.equal(proceduralSource(2).clip(7, 2, 16));
    expect(lr).to.deep.equal(hr.map((frame) => degrade(frame)));
  });
});

describe('mixedSource', () => {
  const weights = fc.array(fc.double({ min: 0.01, max: 10, noNaN: true }), { minLength: 1, maxLength: 4 });

  it('draws each source in proportion to its weight', () =>
    fc.assert(
      fc.property(weights, fc.nat(), (w, seed) => {
        const mixed = mixedSource(w.map((weight, i) => ({ source: marked(i), weight })), seed); // prettier-ignore
        const n = 2000;
        const marks = Array.from({ length: n }, (_, index) => markOf(mixed, index));
        const total = w.reduce((a, b) => a + b, 0);
        w.forEach((weight, i) => {
          const p = weight / total;
          const sigma = Math.sqrt(n * p * (1 - p)) + 1;
          expect(Math.abs(marks.filter((mark) => mark === i).length - n * p)).to.be.below(6 * sigma);
        });
      }),
      { numRuns: 25 },
    ));

  it('gives clip `index` of the source that the seed and the number draw, whatever was asked before', () =>
    fc.assert(
      fc.property(fc.nat(), fc.maxSafeNat(), fc.array(fc.nat(), { maxLength: 3 }), (seed, index, before) => {
        const make = (): PairSource =>
          mixedSource([1, 2, 3].map((mark) => ({ source: marked(mark), weight: mark })), seed); // prettier-ignore
        const used = make();
        for (const other of before) used.pair(other, 1, 4);
        const clip = used.pair(index, 2, 8);
        expect(clip).to.deep.equal(make().pair(index, 2, 8));
        expect(clip).to.deep.equal(marked(clip.hr[0].data[0]).pair(index, 2, 8));
      }),
    ));

  it('passes all that it is asked on', () => {
    const asked: unknown[] = [];
    const spy: PairSource = { name: 'spy', pair: (...args) => (asked.push(args), marked(0).pair(...args)) };
    mixedSource([{ source: spy, weight: 1 }, { source: spy, weight: 2 }], 0).pair(3, 10, 64, 5); // prettier-ignore
    expect(asked).to.deep.equal([[3, 10, 64, 5]]);
  });

  it('refuses weights that are not positive', () => {
    for (const weight of [0, -1, NaN, Infinity])
      expect(() => mixedSource([{ source: marked(0), weight }], 0)).to.throw(RangeError, 'positive weights');
  });
});

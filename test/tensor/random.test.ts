import { expect } from 'chai';
import fc from 'fast-check';
import { CpuBackend, randomNormal, randomUniform } from '../../src/tensor/index.js';

const backend = new CpuBackend();
const word = fc.integer({ min: 0, max: 0xffffffff });
const N = 100_000;

/** Mean of x^k and of the lagged products x_i x_{i+1}. */
const moment = (x: ArrayLike<number>, k: number): number =>
  Array.from(x).reduce((sum, v) => sum + v ** k, 0) / x.length;
const correlation = (x: ArrayLike<number>, y: ArrayLike<number>): number =>
  Array.from(x).reduce((sum, v, i) => sum + v * y[i], 0) / x.length;

describe('randomNormal and randomUniform', () => {
  for (const draw of [randomNormal, randomUniform])
    it(`${draw === randomNormal ? 'normal' : 'uniform'}: an element depends on its address only`, () =>
      fc.assert(
        fc.asyncProperty(
          word,
          word,
          fc.nat(100),
          fc.integer({ min: 1, max: 30 }),
          async (seed, stream, offset, n) => {
            const whole = await draw(backend, [200], { seed, stream }).read();
            const part = await draw(backend, [n, 2], { seed, stream, offset }).read();
            expect([...part]).to.deep.equal([...whole.subarray(offset, offset + 2 * n)]);
          },
        ),
      ));

  // Five standard errors of each sample moment: √(Var[x^k] / N).
  it('normal: the moments of N(0, 1)', async () => {
    const x = await randomNormal(backend, [N], { seed: 1, stream: 0 }).read();
    for (const [k, expected, variance] of [
      [1, 0, 1],
      [2, 1, 2],
      [3, 0, 15],
      [4, 3, 96],
    ])
      expect(moment(x, k), `moment ${k}`).to.be.closeTo(expected, 5 * Math.sqrt(variance / N));
  });

  it('uniform: in [0, 1), with the moments of the uniform distribution', async () => {
    const x = await randomUniform(backend, [N], { seed: 1, stream: 0 }).read();
    expect(x.every((v) => v >= 0 && v < 1)).to.be.true;
    for (const k of [1, 2, 3])
      expect(moment(x, k)).to.be.closeTo(
        1 / (k + 1),
        5 * Math.sqrt((1 / (2 * k + 1) - 1 / (k + 1) ** 2) / N),
      );
  });

  it('neighbours, streams and seeds are uncorrelated', async () => {
    const x = await randomNormal(backend, [N], { seed: 1, stream: 0 }).read();
    for (const address of [
      { seed: 1, stream: 0, offset: 1 },
      { seed: 1, stream: 1 },
      { seed: 2, stream: 0 },
    ]) {
      const y = await randomNormal(backend, [N], address).read();
      expect(Math.abs(correlation(x, y))).to.be.lessThan(5 / Math.sqrt(N));
    }
  });

  it('refuse seeds, streams and offsets out of range', () => {
    const good = { seed: 1, stream: 1, offset: 0 };
    for (const bad of [{ seed: -1 }, { seed: 2 ** 32 }, { stream: 0.5 }, { offset: -1 }, { offset: 0.5 }])
      expect(() => randomNormal(backend, [2], { ...good, ...bad })).to.throw(RangeError);
  });
});

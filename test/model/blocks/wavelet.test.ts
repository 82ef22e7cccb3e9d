import { expect } from 'chai';
import fc from 'fast-check';
import {
  initWaveletDownsample,
  initWaveletUpsample,
  waveletDownsample,
  waveletSplit,
  waveletUpsample,
} from '../../../src/model/blocks/wavelet.js';
import { Initialiser } from '../../../src/model/initialiser.js';
import { CpuBackend, full, lincomb, tensor, type Tensor } from '../../../src/tensor/index.js';
import { expectClose } from '../../support/close.js';
import { checkModule, noise, perturbed } from '../support/module.js';

const backend = new CpuBackend();

/** A 3×3 convolution that hands on channel o mod `from`, in `to` channels. */
function passOn(to: number, from: number): { weight: Tensor; bias: Tensor } {
  const values = new Float64Array(to * from * 9);
  for (let o = 0; o < to; o++) values[(o * from + (o % from)) * 9 + 4] = 1;
  return { weight: tensor(backend, [to, from, 3, 3], values), bias: full(backend, [to], 0) };
}

describe('wavelet resampling', () => {
  it('gives back what was split, under the identity convolution', () =>
    fc.assert(
      fc.asyncProperty(
        fc.nat(1e6),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 4 }),
        async (seed, c, h) => {
          const x = noise(backend, [2, c, 2 * h, 4], seed);
          const { low, high } = waveletSplit(x);
          expectClose(await waveletUpsample(low, high, passOn(3 * c, c)).read(), await x.read());
        },
      ),
      { numRuns: 20 },
    ));

  it('takes the mean of four pixels as the low band', async () => {
    const { low } = waveletSplit(tensor(backend, [1, 1, 2, 2], [1, 2, 3, 6]));
    expectClose(await low.read(), [3]);
  });

  it('keeps a constant, down and up', async () => {
    const x = full(backend, [1, 2, 4, 4], 0.7);
    const down = waveletDownsample(x, passOn(2, 8)); // the two LL bands
    const { low, high } = waveletSplit(x);
    expectClose(await down.read(), new Float64Array(8).fill(0.7));
    expectClose(await waveletUpsample(low, high, passOn(6, 2)).read(), new Float64Array(32).fill(0.7));
  });

  it('filters each high band by itself when merging', async () => {
    const params = perturbed(initWaveletUpsample(2, 3, new Initialiser(backend, 1)), 1);
    const low = full(backend, [1, 3, 2, 2], 0);
    const upsampled = (band: number) => {
      const values = new Float64Array(6 * 4).fill(0);
      values.fill(1, band * 8, band * 8 + 8);
      return waveletUpsample(low, tensor(backend, [1, 6, 2, 2], values), params);
    };
    const none = waveletUpsample(low, full(backend, [1, 6, 2, 2], 0), params);
    for (const band of [0, 1, 2]) {
      const { high } = waveletSplit(lincomb([1, upsampled(band)], [-1, none]));
      const energy = [0, 0, 0];
      (await high.read()).forEach((v, i) => (energy[Math.floor(i / 12)] += v * v));
      energy.forEach((e, i) =>
        i === band ? expect(e).to.be.greaterThan(1e-3) : expect(e).to.be.lessThan(1e-20),
      );
    }
  });

  it('differentiates', () =>
    fc.assert(
      fc.asyncProperty(fc.nat(1e6), async (seed) => {
        const init = new Initialiser(backend, seed);
        const x = noise(backend, [2, 2, 4, 4], seed);
        await checkModule(
          perturbed(initWaveletDownsample(2, 3, init), seed),
          [x],
          (p, x) => waveletDownsample(x, p),
          seed,
        );
        const up = perturbed(initWaveletUpsample(2, 3, init), seed);
        const low = noise(backend, [2, 3, 2, 2], seed, 1);
        await checkModule(up, [low, x], (p, low, x) => waveletUpsample(low, waveletSplit(x).high, p), seed);
      }),
      { numRuns: 5 },
    ));

  it('names what does not fit', () => {
    const params = initWaveletUpsample(2, 3, new Initialiser(backend, 1));
    const [low, high] = [noise(backend, [1, 3, 2, 2], 1), noise(backend, [1, 6, 4, 4], 1)];
    expect(() => waveletUpsample(low, high, params)).to.throw(
      'waveletUpsample: high: expected [n=1 3b h=2 w=2]',
    );
    expect(() => waveletUpsample(noise(backend, [1, 2, 4, 4], 1), high, params)).to.throw(
      'waveletUpsample: conv',
    );
  });
});

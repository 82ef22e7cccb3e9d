import { expect } from 'chai';
import fc from 'fast-check';
import {
  defaultDiffusion,
  inputScale,
  makeSchedule,
  marginal,
  sample,
  toPixels,
  toSpectrum,
  trainingState,
} from '../../src/diffusion/index.js';
import { slice } from '../../src/tensor/index.js';
import { expectClose } from './close.js';
import { setting, white } from './setting.js';

describe('SeeClear (25): state for training', () => {
  it('is a sample of (29), each item at its own step', () =>
    fc.assert(
      fc.asyncProperty(setting(1), async ({ s, t, shape, seed }) => {
        const [x0, xl, noise] = [0, 1, 2].map((stream) => white(shape, seed, stream));
        const steps = shape[0] === 1 ? [t] : [t, s.T + 1 - t];
        const { state, scale } = trainingState(x0, xl, steps, s, noise);
        for (const [n, t] of steps.entries()) {
          const [u0, ul, u] = [x0, xl, noise].map((x) => toSpectrum(slice(x, 0, n, n + 1), s.p));
          await expectClose(slice(state, 0, n, n + 1), toPixels(sample(marginal(u0, ul, t, s), u), s.p));
        }
        await expectClose(
          scale,
          steps.map((t) => inputScale(t, s)),
          1e-15,
        );
        expect(scale.shape).to.deep.equal([shape[0], 1, 1, 1]);
      }),
      { numRuns: 40 },
    ));

  it('refuses a step outside 1 … T, and a number of steps that is not n', () => {
    const s = makeSchedule(defaultDiffusion);
    const x = white([2, 3, 4, 4], 0);
    for (const t of [0, 16, 1.5])
      expect(() => trainingState(x, x, [1, t], s, x)).to.throw(RangeError, 'is outside 1 … 15');
    expect(() => trainingState(x, x, [1], s, x)).to.throw(
      'trainingState: x0: expected [n=1 c h w], got [2, 3, 4, 4]',
    );
  });
});

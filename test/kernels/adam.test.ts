import { expect } from 'chai';
import fc from 'fast-check';
import { adamMoment, adamUpdate } from '../../src/kernels/adam.js';
import { ShapeError } from '../../src/kernels/index.js';
import { seed, size, values } from '../support/arbitraries.js';
import { onGpu } from '../support/gpu.js';
import { kernelLaw } from '../support/kernelLaw.js';

const decay = fc.constantFrom(0, 0.5, 0.9, 0.999);
const step = fc.oneof(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 1e6 }));

describe('Adam kernels', () => {
  it(
    'moment: WGSL and reference agree for both powers, with the gradient scaled',
    onGpu((opened) =>
      fc.assert(
        fc.asyncProperty(size(40), fc.constantFrom(1, 2), decay, seed, async (n, power, beta, s) => {
          const inputs = [values(s, n), values(s + 1, n), values(s + 2, 1, 0.01, 1)];
          await kernelLaw(opened, adamMoment, inputs, [[n], [n], []], { power, beta });
        }),
      ),
    ),
  );

  it(
    'update: WGSL and reference agree from the first step to a late one, where v is zero and where it is tiny',
    onGpu((opened) =>
      fc.assert(
        fc.asyncProperty(size(40), step, fc.constantFrom(1e-12, 1e-4, 2), seed, async (n, t, mostV, s) => {
          const inputs = [values(s, n), values(s + 1, n), values(s + 2, n, 0, mostV)];
          const params = { rate: 1e-3 / (1 - 0.5 ** t), grow: 1 / (1 - 0.999 ** t), eps: 1e-8 };
          await kernelLaw(opened, adamUpdate, inputs, [[n], [n], [n]], params);
        }),
      ),
    ),
  );

  it('refuse shapes that differ, and a factor of more than one element', () => {
    const [moment, update] = [
      { power: 1, beta: 0.5 },
      { rate: 1, grow: 1, eps: 1 },
    ] as const;
    expect(adamMoment.outShape([[2, 3], [2, 3], []], moment)).to.deep.equal([2, 3]);
    expect(() => adamMoment.outShape([[2], [3], []], moment)).to.throw(ShapeError);
    expect(() => adamMoment.outShape([[2], [2], [2]], moment)).to.throw(ShapeError, 'one element');
    expect(() => adamUpdate.outShape([[2], [2], [3]], update)).to.throw(ShapeError);
  });
});

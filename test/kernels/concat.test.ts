import { expect } from 'chai';
import fc from 'fast-check';
import { concat } from '../../src/kernels/concat.js';
import { ShapeError, sizeOf } from '../../src/kernels/index.js';
import { seed, shape, size, values } from '../support/arbitraries.js';
import { onGpu } from '../support/gpu.js';
import { kernelLaw } from '../support/kernelLaw.js';

describe('concat kernel', () => {
  it(
    'WGSL and reference agree exactly, along every axis',
    onGpu((opened) =>
      fc.assert(
        fc.asyncProperty(shape(3, 4, 9), size(6), fc.nat(2), seed, async (a, other, axis, s) => {
          const b = a.map((d, i) => (i === axis ? other : d));
          await kernelLaw(opened, concat, [values(s, sizeOf(a)), values(s + 1, sizeOf(b))], [a, b], { axis });
        }),
        { numRuns: 40 },
      ),
    ),
  );

  it('puts runs one behind the other', () => {
    const [a, b] = [new Float64Array([1, 2, 3, 4]), new Float64Array([5, 6])];
    const shapes = [[2, 2], [2, 1]]; // prettier-ignore
    expect([...concat.reference([a, b], shapes, { axis: 1 })]).to.deep.equal([1, 2, 5, 3, 4, 6]);
  });

  it('refuses shapes that differ elsewhere', () =>
    expect(() => concat.outShape([[2, 3], [3, 3]], { axis: 1 })).to.throw(ShapeError, 'only along axis 1')); // prettier-ignore
});

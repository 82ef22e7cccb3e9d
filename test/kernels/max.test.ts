import { expect } from 'chai';
import fc from 'fast-check';
import { sizeOf } from '../../src/kernels/index.js';
import { reduceMax, reduceMaxBackward } from '../../src/kernels/max.js';
import { seed, shape, values } from '../support/arbitraries.js';
import { onGpu } from '../support/gpu.js';
import { kernelLaw } from '../support/kernelLaw.js';

describe('max kernels', () => {
  it(
    'WGSL and reference agree, ties included',
    onGpu((opened) =>
      fc.assert(
        fc.asyncProperty(shape(5, 3, 70), seed, fc.boolean(), async (x, s, coarse) => {
          const v = values(s, sizeOf(x)).map((v) => (coarse ? Math.round(v) : v));
          const g = values(s + 1, sizeOf(x) / x[2]);
          await kernelLaw(opened, reduceMax, [v], [x], undefined);
          await kernelLaw(opened, reduceMaxBackward, [v, g], [x, x.slice(0, 2)], undefined);
        }),
        { numRuns: 40 },
      ),
    ),
  );

  it('refuse a scalar, and a cotangent that is not one number per row', () => {
    expect(() => reduceMax.outShape([[]], undefined)).to.throw('max: expected at least one axis, got []');
    expect(() => reduceMaxBackward.outShape([[2, 3], [3]], undefined)).to.throw(
      'maxBackward: expected x [.., c] and g [..], got [2, 3] and [3]',
    );
  });
});

import { expect } from 'chai';
import fc from 'fast-check';
import { blockDct, dctMatrix } from '../../src/kernels/blockDct.js';
import { ShapeError, sizeOf } from '../../src/kernels/index.js';
import { seed, shape, size, values } from '../support/arbitraries.js';
import { expectClose } from '../support/close.js';
import { onGpu } from '../support/gpu.js';
import { kernelLaw } from '../support/kernelLaw.js';

describe('blockDct kernel', () => {
  for (const p of [1, 2, 3, 4, 8])
    it(
      `WGSL and reference agree for blocks of ${p}`,
      onGpu((opened) =>
        fc.assert(
          fc.asyncProperty(shape(3, 5, 5), seed, fc.boolean(), async ([c, h, w], s, inverse) => {
            const x = [c, p * h, p * w];
            await kernelLaw(opened, blockDct, [values(s, sizeOf(x))], [x], { p, inverse });
          }),
          { numRuns: 15 },
        ),
      ),
    );

  it('dctMatrix: orthonormal rows, the first of them constant', () =>
    fc.assert(
      fc.property(size(16), (p) => {
        const c = dctMatrix(p);
        const products = Float64Array.from({ length: p * p }, (_, i) => {
          const [a, b] = [Math.floor(i / p), i % p];
          return c.subarray(a * p, (a + 1) * p).reduce((sum, v, j) => sum + v * c[b * p + j], 0);
        });
        expectClose(
          products,
          products.map((_, i) => (i % (p + 1) === 0 ? 1 : 0)),
          1e-13,
        );
        expectClose(c.subarray(0, p), new Float64Array(p).fill(1 / Math.sqrt(p)), 1e-15);
      }),
    ));

  it('refuses what is not made of blocks', () => {
    for (const x of [[8, 6], [6, 8], [8]])
      // prettier-ignore
      expect(() => blockDct.outShape([x], { p: 4, inverse: false })).to.throw(ShapeError, 'blocks of 4');
  });
});

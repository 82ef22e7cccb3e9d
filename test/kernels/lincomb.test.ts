import { expect } from 'chai';
import fc from 'fast-check';
import { lincomb } from '../../src/kernels/lincomb.js';
import { ShapeError } from '../../src/kernels/index.js';
import { seed, size, values } from '../support/arbitraries.js';
import { onGpu } from '../support/gpu.js';
import { kernelLaw } from '../support/kernelLaw.js';

describe('lincomb kernel', () => {
  it(
    'WGSL and reference agree for one to four terms',
    onGpu((opened) =>
      fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: 4 }), size(40), seed, async (terms, n, s) => {
          const xs = Array.from({ length: terms }, (_, i) => values(s + i, n));
          const [bias, ...coefficients] = values(s + terms, 1 + terms);
          await kernelLaw(
            opened,
            lincomb,
            xs,
            xs.map(() => [n]),
            { coefficients, bias },
          );
        }),
        { numRuns: 20 },
      ),
    ),
  );

  it('refuses shapes that differ', () =>
    expect(() => lincomb.outShape([[2], [3]], { coefficients: [1, 1], bias: 0 })).to.throw(ShapeError));
});

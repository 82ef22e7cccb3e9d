import { expect } from 'chai';
import fc from 'fast-check';
import { sizeOf } from '../../src/kernels/index.js';
import { topK } from '../../src/kernels/topK.js';
import { seed, shape, values } from '../support/arbitraries.js';
import { onGpu } from '../support/gpu.js';
import { kernelLaw } from '../support/kernelLaw.js';

describe('topK kernel', () => {
  it(
    'WGSL and reference agree, ties included',
    onGpu((opened) =>
      fc.assert(
        fc.asyncProperty(shape(3, 2, 40), seed, fc.boolean(), async (x, s, coarse) => {
          const scores = values(s, sizeOf(x)).map((v) => (coarse ? Math.round(v) : v));
          await kernelLaw(opened, topK, [scores], [x], { k: 1 + (s % x[2]) });
        }),
        { numRuns: 40 },
      ),
    ),
  );

  it('refuses to pick more than there are, or none', () => {
    expect(() => topK.outShape([[2, 3]], { k: 4 })).to.throw(
      'topK: expected at least k=4 scores, got [2, 3]',
    );
    expect(() => topK.outShape([[2, 3]], { k: 0 })).to.throw('topK: expected at least k=0 scores');
  });
});

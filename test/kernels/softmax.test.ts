import fc from 'fast-check';
import { softmaxBackward, softmaxForward } from '../../src/kernels/softmax.js';
import { sizeOf } from '../../src/kernels/index.js';
import { seed, shape, values } from '../support/arbitraries.js';
import { onGpu } from '../support/gpu.js';
import { kernelLaw } from '../support/kernelLaw.js';

describe('softmax kernels', () => {
  it(
    'WGSL and reference agree',
    onGpu((opened) =>
      fc.assert(
        fc.asyncProperty(shape(5, 3, 70), seed, async (x, s) => {
          const n = sizeOf(x);
          await kernelLaw(opened, softmaxForward, [values(s, n, -8, 8)], [x], undefined);
          const y = softmaxForward.reference([values(s, n)], [x], undefined);
          await kernelLaw(opened, softmaxBackward, [y, values(s + 1, n)], [x, x], undefined);
        }),
        { numRuns: 40 },
      ),
    ),
  );
});

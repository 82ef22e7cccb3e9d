import fc from 'fast-check';
import { l2NormalizeBackward, l2NormalizeForward } from '../../src/kernels/l2Normalize.js';
import { sizeOf } from '../../src/kernels/index.js';
import { seed, shape, values } from '../support/arbitraries.js';
import { onGpu } from '../support/gpu.js';
import { kernelLaw } from '../support/kernelLaw.js';

describe('l2Normalize kernels', () => {
  it(
    'WGSL and reference agree',
    onGpu((opened) =>
      fc.assert(
        fc.asyncProperty(shape(5, 3, 70), seed, async (x, s) => {
          const [v, g] = [values(s, sizeOf(x)), values(s + 1, sizeOf(x))];
          await kernelLaw(opened, l2NormalizeForward, [v], [x], undefined);
          await kernelLaw(opened, l2NormalizeBackward, [v, g], [x, x], undefined);
        }),
        { numRuns: 40 },
      ),
    ),
  );

  it(
    'rows of zeros stay zero',
    onGpu((opened) => kernelLaw(opened, l2NormalizeForward, [new Float64Array(8)], [[2, 4]], undefined)),
  );
});

import { expect } from 'chai';
import fc from 'fast-check';
import { haarForward, haarInverse } from '../../src/kernels/haar.js';
import { sizeOf } from '../../src/kernels/index.js';
import { seed, shape, values } from '../support/arbitraries.js';
import { onGpu } from '../support/gpu.js';
import { kernelLaw } from '../support/kernelLaw.js';

describe('Haar kernels', () => {
  it(
    'WGSL and reference agree',
    onGpu((opened) =>
      fc.assert(
        fc.asyncProperty(shape(2, 3, 5, 9), seed, async ([n, c, h, w], s) => {
          const [image, bands] = [
            [n, c, 2 * h, 2 * w],
            [n, 4 * c, h, w],
          ];
          await kernelLaw(opened, haarForward, [values(s, sizeOf(image))], [image], undefined);
          await kernelLaw(opened, haarInverse, [values(s, sizeOf(bands))], [bands], undefined);
        }),
        { numRuns: 40 },
      ),
    ),
  );

  it('bands in the order LL, LH, HL, HH, each of all channels', () => {
    const x = Float64Array.of(1, 3, 4, 8, /* second channel */ 0, 2, 0, 2);
    const y = haarForward.reference([x], [[1, 2, 2, 2]], undefined);
    expect([...y]).to.deep.equal([8, 2, -3, -2, -4, 0, 1, 0]);
  });
});

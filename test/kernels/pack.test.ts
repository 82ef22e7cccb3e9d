import { expect } from 'chai';
import fc from 'fast-check';
import { ShapeError, sizeOf } from '../../src/kernels/index.js';
import { MOST_PACKED, pack, packedOffsets } from '../../src/kernels/pack.js';
import { seed, shape, size, values } from '../support/arbitraries.js';
import { onGpu } from '../support/gpu.js';
import { kernelLaw } from '../support/kernelLaw.js';

const shapes = (most: number): fc.Arbitrary<number[][]> =>
  fc.array(
    fc.oneof(
      size(300).map((n) => [n]),
      shape(3, 5, 9),
      fc.constant<number[]>([]),
    ),
    {
      minLength: 1,
      maxLength: most,
    },
  );

describe('pack kernel', () => {
  it(
    'WGSL and reference agree, for any number of arrays',
    onGpu((opened) =>
      fc.assert(
        fc.asyncProperty(shapes(MOST_PACKED), seed, async (all, s) => {
          const inputs = all.map((one, i) => values(s + i, sizeOf(one)));
          await kernelLaw(opened, pack, inputs, all, undefined);
        }),
      ),
    ),
  );

  it('leaves each array where packedOffsets says, and zeros elsewhere', () =>
    fc.assert(
      fc.property(shapes(MOST_PACKED), seed, (all, s) => {
        const inputs = all.map((one, i) => values(s + i, sizeOf(one), 1, 2));
        const { offsets, total } = packedOffsets(all.map(sizeOf));
        const y = pack.reference(inputs, all, undefined);
        expect(y.length).to.equal(total);
        inputs.forEach((x, i) => {
          expect(offsets[i] % 64).to.equal(0);
          expect(y.subarray(offsets[i], offsets[i] + x.length)).to.deep.equal(x);
        });
        const filled = y.filter((v) => v !== 0).length;
        expect(filled).to.equal(inputs.reduce((n, x) => n + x.length, 0));
      }),
    ));

  it('refuses no array, and more than one pass joins', () => {
    expect(() => pack.outShape([], undefined)).to.throw(ShapeError, '1 to 7');
    expect(() =>
      pack.outShape(
        Array.from({ length: 8 }, () => [2]),
        undefined,
      ),
    ).to.throw(ShapeError);
  });
});

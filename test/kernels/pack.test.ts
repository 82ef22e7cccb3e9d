import { expect } from 'chai';
import fc from 'fast-check';
import { type ElementType, ShapeError, sizeOf } from '../../src/kernels/index.js';
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

const type = fc.constantFrom<ElementType>('f32', 'f16');

describe('pack kernel', () => {
  it(
    'WGSL and reference agree, for any number of arrays',
    onGpu((opened) =>
      fc.assert(
        fc.asyncProperty(shapes(MOST_PACKED), type, seed, async (all, type, s) => {
          if (type === 'f16' && !opened.features.includes('shader-f16')) return;
          // No f16 below its normal ones: a device may take them for 0.
          const inputs = all.map((one, i) => values(s + i, sizeOf(one), type === 'f16' ? 2 ** -8 : -2));
          await kernelLaw(opened, pack, inputs, all, { type });
        }),
      ),
    ),
  );

  it('leaves each array where packedOffsets says, and zeros elsewhere', () =>
    fc.assert(
      fc.property(shapes(MOST_PACKED), type, seed, (all, type, s) => {
        const inputs = all.map((one, i) => values(s + i, sizeOf(one), 1, 2));
        const { offsets, total } = packedOffsets(all.map(sizeOf), type);
        const y = pack.reference(inputs, all, { type });
        expect(y.length).to.equal(total);
        inputs.forEach((x, i) => {
          expect((offsets[i] * { f32: 4, f16: 2 }[type]) % 256, 'bytes').to.equal(0);
          expect(y.subarray(offsets[i], offsets[i] + x.length)).to.deep.equal(x);
        });
        const filled = y.filter((v) => v !== 0).length;
        expect(filled).to.equal(inputs.reduce((n, x) => n + x.length, 0));
      }),
    ));

  it('refuses no array, and more than one pass joins', () => {
    expect(() => pack.outShape([], { type: 'f32' })).to.throw(ShapeError, '1 to 7');
    expect(() =>
      pack.outShape(
        Array.from({ length: 8 }, () => [2]),
        { type: 'f32' },
      ),
    ).to.throw(ShapeError);
  });
});

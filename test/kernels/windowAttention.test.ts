import { expect } from 'chai';
import fc from 'fast-check';
import { ShapeError, sizeOf, type Shape } from '../../src/kernels/index.js';
import type { OpenedDevice } from '../../src/kernels/runtime/device.js';
import {
  attentionParts,
  windowAttention,
  windowAttentionKeys,
  windowAttentionQueries,
} from '../../src/kernels/windowAttention.js';
import type { WindowParams } from '../../src/kernels/windowGeometry.js';
import { seed, values } from '../support/arbitraries.js';
import { onGpu } from '../support/gpu.js';
import { kernelLaw } from '../support/kernelLaw.js';

interface Case {
  readonly params: WindowParams;
  readonly qkv: Shape;
  readonly bias: Shape;
}

const cut: fc.Arbitrary<Case> = fc
  .record({
    size: fc.constantFrom(1, 2, 3, 4, 8),
    shifted: fc.boolean(),
    frames: fc.integer({ min: 1, max: 3 }),
    clips: fc.integer({ min: 1, max: 2 }),
    heads: fc.integer({ min: 1, max: 2 }),
    d: fc.integer({ min: 1, max: 5 }),
    rows: fc.integer({ min: 1, max: 2 }),
    columns: fc.integer({ min: 1, max: 3 }),
  })
  .filter(({ size, frames, rows, columns }) => size < 8 || frames * rows * columns === 1)
  .map(({ size, shifted, frames, clips, heads, d, rows, columns }) => {
    const pixels = frames * size ** 2;
    return {
      params: { heads, size, shift: shifted ? Math.floor(size / 2) : 0, frames },
      qkv: [clips * frames, 3 * heads * d, rows * size, columns * size],
      bias: [heads, pixels, pixels],
    };
  });

/** All three kernels on seeded values. */
async function holds({ params, qkv, bias }: Case, s: number, device: OpenedDevice): Promise<void> {
  const [x, b] = [values(s, sizeOf(qkv)), values(s + 1, sizeOf(bias))];
  await kernelLaw(device, windowAttention, [x, b], [qkv, bias], params);
  const [y, logs] = attentionParts(qkv, params);
  const l = windowAttention.reference([x, b], [qkv, bias], params).subarray(logs.offset);
  const state = [x, b, l, values(s + 2, l.length), values(s + 3, sizeOf(y.shape))];
  const shapes = [qkv, bias, logs.shape, logs.shape, y.shape];
  await kernelLaw(device, windowAttentionQueries, state, shapes, params);
  await kernelLaw(device, windowAttentionKeys, state, shapes, params);
}

describe('window attention kernels', () => {
  for (const subgroups of ['as the device has them', 'none'])
    it(
      `WGSL and reference agree in every variant; subgroups: ${subgroups}`,
      onGpu((opened) => {
        const device = subgroups === 'none' ? { ...opened, subgroups: undefined } : opened;
        return fc.assert(
          fc.asyncProperty(cut, seed, (sizes, s) => holds(sizes, s, device)),
          { numRuns: 25 },
        );
      }),
    );

  it(
    'WGSL and reference agree in a window of 8 × 8 pixels through five frames, 320 in all',
    onGpu((device) => {
      const params = { heads: 1, size: 8, shift: 4, frames: 5 };
      return holds({ params, qkv: [5, 12, 8, 8], bias: [1, 320, 320] }, 1, device);
    }),
  );

  it('picks a variant by size and by subgroups', () => {
    const texts = (size: number, frames: number, subgroupSize: number): string => {
      const pixels = frames * size ** 2;
      const shapes = [[frames, 6, size, size], [2, pixels, pixels]]; // prettier-ignore
      return windowAttention.launch(
        shapes,
        { heads: 2, size, shift: 0, frames },
        { subgroupSize, software: false },
      ).wgsl;
    };
    expect(texts(4, 1, 8))
      .to.contain('enable subgroups')
      .and.to.contain('array<vec4f>');
    expect(texts(4, 5, 8))
      .to.equal(texts(4, 1, 8))
      .and.to.equal(texts(8, 1, 32));
    expect(texts(4, 1, 0)).not.to.contain('enable subgroups');
    expect(texts(3, 1, 8))
      .to.contain('array<f32>')
      .and.not.to.contain('enable subgroups');
  });

  it('counts its products: two for each pair of pixels and channel, three and four in the gradients', () => {
    const shapes = [[4, 3 * 6, 4, 8], [2, 32, 32]]; // prettier-ignore
    const params = { heads: 2, size: 4, shift: 2, frames: 2 };
    const pairs = 4 * 2 * 32 ** 2; // 4 windows, 2 heads, of 3 channels
    const kernels = [windowAttention, windowAttentionQueries, windowAttentionKeys];
    const counted = kernels.map((kernel) => kernel.multiplyAdds?.(shapes, params));
    expect(counted).to.deep.equal([2 * pairs * 3, 3 * pairs * 3, 4 * pairs * 3]);
  });

  it('names what does not fit', () => {
    const params = { heads: 2, size: 4, shift: 0, frames: 2 };
    const shape = (qkv: number[], bias = [2, 32, 32]) => windowAttention.outShape([qkv, bias], params);
    expect(() => shape([3, 6, 4, 4])).to.throw(ShapeError, 'n in multiples of 2');
    expect(() => shape([2, 9, 4, 4])).to.throw(ShapeError, 'channels in multiples of 6');
    expect(() => shape([2, 6, 4, 6])).to.throw(ShapeError, 'h and w in multiples of 4');
    expect(() => shape([2, 6, 4, 4], [2, 16, 16])).to.throw(ShapeError, 'keys=32');
  });
});

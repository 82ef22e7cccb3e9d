import { expect } from 'chai';
import fc from 'fast-check';
import { ShapeError, sizeOf } from '../../src/kernels/index.js';
import { matmul } from '../../src/kernels/matmul.js';
import { seed, size, values } from '../support/arbitraries.js';
import { deviceKinds } from '../support/deviceKinds.js';
import { onGpu } from '../support/gpu.js';
import { kernelLaw } from '../support/kernelLaw.js';

/** Small products with many edges, and some that are worth a tile of 64 × 64. */
const product = fc.record({
  m: fc.oneof(size(20), fc.constantFrom(36, 70)),
  k: size(20),
  n: fc.oneof(size(20), fc.constantFrom(36, 70, 128, 132, 260)),
  batch: fc.constantFrom([], [1], [2, 3]),
  shared: fc.constantFrom('neither', 'a', 'b'),
  ta: fc.boolean(),
  tb: fc.boolean(),
  bias: fc.constantFrom(undefined, 'row' as const, 'column' as const),
});

describe('matmul kernel', () => {
  for (const [kind, as] of Object.entries(deviceKinds))
    it(
      `WGSL and reference agree in every variant for ${kind}`,
      onGpu((opened) =>
        fc.assert(
          fc.asyncProperty(product, seed, async ({ m, k, n, batch, shared, ta, tb, bias }, s) => {
            const a = [...(shared === 'a' ? [] : batch), ...(ta ? [k, m] : [m, k])];
            const b = [...(shared === 'b' ? [] : batch), ...(tb ? [n, k] : [k, n])];
            const shapes = [a, b, ...(bias ? [[bias === 'row' ? m : n]] : [])];
            const inputs = shapes.map((shape, i) => values(s + i, sizeOf(shape)));
            await kernelLaw(as(opened), matmul, inputs, shapes, { ta, tb, ...(bias && { bias }) });
          }),
        ),
      ),
    );

  it('picks a variant by shape and by device', () => {
    const variant = (
      a: number[],
      b: number[],
      tb: boolean,
      software: boolean,
      subgroupSize: number,
    ): string => {
      const { wgsl } = matmul.launch([a, b], { ta: false, tb }, { software, subgroupSize });
      return /\d+ x \d+C?(?= (tile|dot))/.exec(wgsl)?.[0] ?? '';
    };
    expect(variant([32, 8], [8, 256], false, true, 8)).to.equal('16 x 64');
    expect(variant([32, 8], [32, 8], true, true, 8)).to.equal('16 x 16');
    expect(variant([32, 7], [7, 16], false, true, 8)).to.equal('16 x 8C');
    expect(variant([32, 8], [8, 256], false, false, 32)).to.equal('64 x 64');
    expect(variant([32, 8], [8, 256], false, true, 4)).to.equal('8 x 8');
    expect(variant([5, 8], [7, 8], true, false, 32)).to.equal('8 x 8');
    expect(variant([5, 7], [7, 9], false, false, 32)).to.equal('4 x 4');
  });

  it('refuses factors that do not fit', () => {
    const shapeOf = (a: number[], b: number[]): unknown => matmul.outShape([a, b], { ta: false, tb: false });
    expect(() => shapeOf([2, 3], [4, 5])).to.throw(ShapeError, '[2, 3] and [4, 5]');
    expect(() => shapeOf([2, 2, 3], [3, 3, 5])).to.throw(ShapeError);
    expect(() => shapeOf([3], [3, 5])).to.throw(ShapeError);
    expect(() => matmul.outShape([[2, 3], [3, 5], [2]], { ta: false, tb: false, bias: 'column' })).to.throw(
      'matmul: bias: expected [size=5], got [2]',
    );
  });
});

import { expect } from 'chai';
import fc from 'fast-check';
import { ShapeError, sizeOf } from '../../src/kernels/index.js';
import { matmul } from '../../src/kernels/matmul.js';
import { seed, size, values } from '../support/arbitraries.js';
import { onGpu } from '../support/gpu.js';
import { kernelLaw } from '../support/kernelLaw.js';

const product = fc.record({
  m: size(20),
  k: size(12),
  n: fc.oneof(size(20), fc.constantFrom(128, 132, 260)),
  batch: fc.constantFrom([], [1], [2, 3]),
  shared: fc.constantFrom('neither', 'a', 'b'),
  ta: fc.boolean(),
  tb: fc.boolean(),
});

describe('matmul kernel', () => {
  for (const subgroups of ['as the device has them', 'none'])
    it(
      `WGSL and reference agree in every variant; subgroups: ${subgroups}`,
      onGpu((opened) => {
        const device = subgroups === 'none' ? { ...opened, subgroups: undefined } : opened;
        return fc.assert(
          fc.asyncProperty(product, seed, async ({ m, k, n, batch, shared, ta, tb }, s) => {
            const a = [...(shared === 'a' ? [] : batch), ...(ta ? [k, m] : [m, k])];
            const b = [...(shared === 'b' ? [] : batch), ...(tb ? [n, k] : [k, n])];
            const inputs = [values(s, sizeOf(a)), values(s + 1, sizeOf(b))];
            await kernelLaw(device, matmul, inputs, [a, b], { ta, tb });
          }),
        );
      }),
    );

  it('picks a variant by shape and by subgroups', () => {
    const variant = (a: number[], b: number[], tb: boolean, subgroupSize: number): string =>
      /matmul\w+|16 x 8|8 x 8|4 x 4/.exec(
        matmul.launch([a, b], { ta: false, tb }, { subgroupSize }).wgsl,
      )?.[0] ?? '';
    expect(variant([32, 8], [8, 256], false, 8)).to.equal('matmulOuter'); // "As matmulOuter, with a 16 x 8 tile"
    expect(variant([32, 8], [8, 256], false, 0)).to.equal('8 x 8');
    expect(variant([5, 8], [7, 8], true, 8)).to.equal('8 x 8');
    expect(variant([5, 7], [7, 9], false, 8)).to.equal('4 x 4');
  });

  it('refuses factors that do not fit', () => {
    const shapeOf = (a: number[], b: number[]): unknown => matmul.outShape([a, b], { ta: false, tb: false });
    expect(() => shapeOf([2, 3], [4, 5])).to.throw(ShapeError, '[2, 3] and [4, 5]');
    expect(() => shapeOf([2, 2, 3], [3, 3, 5])).to.throw(ShapeError);
    expect(() => shapeOf([3], [3, 5])).to.throw(ShapeError);
  });
});

import { expect } from 'chai';
import fc from 'fast-check';
import {
  averagePool,
  CpuBackend,
  full,
  gather,
  padReflect,
  permute,
  resizeBicubic,
  slice,
  tensor,
} from '../../src/tensor/index.js';
import { random, seed, shape, size } from '../support/arbitraries.js';
import { expectClose } from '../support/close.js';
import { expectAdjoint } from '../support/gradcheck.js';

const backend = new CpuBackend();

describe('averagePool', () => {
  const maps = fc.tuple(shape(3, 9, 9), fc.integer({ min: 1, max: 5 }));

  it('keeps constants, gives the mean of each block, and is linear with its adjoint', () =>
    fc.assert(
      fc.asyncProperty(maps, seed, async ([[c, h, w], r], s) => {
        const x = random(backend, [c, h, w], s);
        const y = averagePool(x, r);
        expect(y.shape).to.deep.equal([c, Math.ceil(h / r), Math.ceil(w / r)]);
        const ones = await averagePool(full(backend, [c, h, w], 1), r).read();
        expectClose(
          ones,
          ones.map(() => 1),
        );
        const values = await x.read();
        const corner: number[] = []; // the last block, which may be cut short
        for (let i = r * (y.shape[1] - 1); i < h; i++)
          for (let j = r * (y.shape[2] - 1); j < w; j++) corner.push(values[i * w + j]);
        const mean = corner.reduce((a, b) => a + b, 0) / corner.length;
        expect((await y.read())[y.shape[1] * y.shape[2] - 1]).to.be.closeTo(mean, 1e-12);
        await expectAdjoint((t) => averagePool(t, r), x, s);
      }),
      { numRuns: 40 },
    ));
});

describe('resizeBicubic', () => {
  it('its vjp is its adjoint', () =>
    fc.assert(
      fc.asyncProperty(shape(3, 12, 12), size(12), size(12), seed, (dims, h, w, s) =>
        expectAdjoint((x) => resizeBicubic(x, h, w), random(backend, dims, s), s + 1),
      ),
      { numRuns: 40 },
    ));

  it('keeps constants, and treats rows as columns', () =>
    fc.assert(
      fc.asyncProperty(shape(3, 12, 12), size(12), size(12), seed, async ([c, h, w], oh, ow, s) => {
        const flat = await resizeBicubic(full(backend, [c, h, w], 0.3), oh, ow).read();
        expectClose(flat, new Float64Array(c * oh * ow).fill(0.3));
        const x = random(backend, [c, h, w], s);
        const turned = permute(resizeBicubic(permute(x, [0, 2, 1]), ow, oh), [0, 2, 1]);
        expectClose(await turned.read(), await resizeBicubic(x, oh, ow).read());
      }),
      { numRuns: 40 },
    ));

  it('follows a ramp away from the border', async () => {
    const ramp = Float64Array.from({ length: 64 }, (_, i) => i);
    const up = await resizeBicubic(tensor(backend, [1, 64], ramp), 1, 256).read();
    for (let k = 8; k < 248; k++) expect(up[k]).to.be.closeTo((k + 0.5) / 4 - 0.5, 1e-12);
    const down = await resizeBicubic(tensor(backend, [1, 64], ramp), 1, 16).read();
    for (let k = 2; k < 14; k++) expect(down[k]).to.be.closeTo(4 * k + 1.5, 1e-12);
  });
});

describe('padReflect', () => {
  it('keeps x in the middle, and its vjp is its adjoint', () =>
    fc.assert(
      fc.asyncProperty(
        shape(3, 5, 4),
        fc.nat(2),
        fc.nat(7),
        fc.nat(7),
        seed,
        async (dims, axis, before, after, s) => {
          const x = random(backend, dims, s);
          const y = padReflect(x, axis, before, after);
          expectClose(await slice(y, axis, before, before + dims[axis]).read(), await x.read());
          await expectAdjoint((t) => padReflect(t, axis, before, after), x, s + 1);
        },
      ),
      { numRuns: 40 },
    ));

  it('mirrors without repeating the edge', async () => {
    const y = padReflect(tensor(backend, [1, 3], [1, 2, 3]), 1, 2, 1);
    expect([...(await y.read())]).to.deep.equal([3, 2, 1, 2, 3, 2]);
  });
});

describe('gather', () => {
  it('takes rows, and its vjp is its adjoint, whatever repeats', () =>
    fc.assert(
      fc.asyncProperty(
        shape(6, 5),
        fc.array(fc.nat(5), { minLength: 1, maxLength: 20 }),
        seed,
        async ([r, d], picks, s) => {
          const indices = picks.map((i) => i % r);
          const x = random(backend, [r, d], s);
          const [rows, all] = [await gather(x, indices).read(), await x.read()];
          indices.forEach((i, k) => {
            expect([...rows.subarray(k * d, (k + 1) * d)]).to.deep.equal([
              ...all.subarray(i * d, (i + 1) * d),
            ]);
          });
          await expectAdjoint((t) => gather(t, indices), x, s + 1);
        },
      ),
    ));

  it('uploads an array of indices once, outside of scopes', async () => {
    const indices = [1, 0, 1];
    const x = random(backend, [2, 3], 1);
    const before = backend.memory().tensors;
    gather(x, indices);
    gather(x, indices);
    expect(backend.memory().tensors - before).to.equal(2);
    expect((await gather(x, indices).read()).length).to.equal(9);
  });

  it('refuses an index that is no row', () => {
    const x = random(backend, [2, 3], 1);
    for (const bad of [-1, 2, 0.5]) expect(() => gather(x, [0, bad])).to.throw(RangeError, `got ${bad}`);
  });
});

import { expect } from 'chai';
import fc from 'fast-check';
import { dctMatrix } from '../../src/kernels/blockDct.js';
import { blockDct, blockDctInverse, CpuBackend, full, ShapeError, tensor } from '../../src/tensor/index.js';
import { axisMap } from '../../src/tensor/ops/axisMap.js';
import { random, seed, shape } from '../support/arbitraries.js';
import { expectClose } from '../support/close.js';
import { expectAdjoint, inner } from '../support/gradcheck.js';

const backend = new CpuBackend();
const blocks = fc.tuple(shape(3, 4, 4), fc.constantFrom(1, 2, 3, 4, 8, 9));

describe('blockDct', () => {
  it('keeps inner products, and the inverse undoes it', () =>
    fc.assert(
      fc.asyncProperty(blocks, seed, async ([[c, h, w], p], s) => {
        const dims = [c, p * h, p * w];
        const [x, y] = [random(backend, dims, s), random(backend, dims, s + 1)];
        const [u, v] = [blockDct(x, p), blockDct(y, p)];
        expect(inner(await u.read(), await v.read())).to.be.closeTo(
          inner(await x.read(), await y.read()),
          1e-10,
        );
        expectClose(await blockDctInverse(u, p).read(), await x.read());
        await expectAdjoint((t) => blockDct(t, p), x, s);
        await expectAdjoint((t) => blockDctInverse(t, p), x, s);
      }),
      { numRuns: 40 },
    ));

  it('is the transform of one axis, then of the other', () =>
    fc.assert(
      fc.asyncProperty(blocks, seed, async ([[c, h, w], p], s) => {
        const x = random(backend, [c, p * h, p * w], s);
        const table = {
          rows: p,
          length: p,
          taps: p,
          indices: Int32Array.from({ length: p * p }, (_, i) => i % p),
          weights: dctMatrix(p),
        };
        const rows = axisMap(x, 1, table);
        expectClose(await blockDct(x, p).read(), await axisMap(rows, 2, table).read());
      }),
    ));

  it('of a constant has p times it in the first coefficient of each block', async () => {
    const u = await blockDct(full(backend, [8, 4], 3), 4).read();
    expectClose(
      u,
      u.map((_, i) => (i % 4 === 0 && Math.floor(i / 4) % 4 === 0 ? 12 : 0)),
    );
  });

  it('of a cosine along the columns has one coefficient, in the first row', async () => {
    const x = Float64Array.from({ length: 16 }, (_, i) => Math.cos((Math.PI * (2 * (i % 4) + 1) * 3) / 8));
    const u = await blockDct(tensor(backend, [4, 4], x), 4).read();
    expect(u[3]).to.be.closeTo(Math.sqrt(8), 1e-12);
    expect(inner(u, u)).to.be.closeTo(8, 1e-12);
  });

  it('refuses sizes that are no multiples of p', () =>
    expect(() => blockDct(full(backend, [6, 4], 0), 4)).to.throw(ShapeError));
});

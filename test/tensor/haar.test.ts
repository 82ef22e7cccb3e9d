import { expect } from 'chai';
import fc from 'fast-check';
import { CpuBackend, full, haar, haarInverse, ShapeError, slice } from '../../src/tensor/index.js';
import { random, seed, shape } from '../support/arbitraries.js';
import { expectClose } from '../support/close.js';
import { expectAdjoint, inner } from '../support/gradcheck.js';

const backend = new CpuBackend();

describe('SeeClear (7): Haar wavelets', () => {
  it('keeps inner products, the inverse undoes it, and the vjps are adjoints', () =>
    fc.assert(
      fc.asyncProperty(shape(2, 3, 4, 5), seed, async ([n, c, h, w], s) => {
        const dims = [n, c, 2 * h, 2 * w];
        const [x, y] = [random(backend, dims, s), random(backend, dims, s + 1)];
        const [u, v] = [haar(x), haar(y)];
        expect(u.shape).to.deep.equal([n, 4 * c, h, w]);
        expect(inner(await u.read(), await v.read())).to.be.closeTo(
          inner(await x.read(), await y.read()),
          1e-10,
        );
        expectClose(await haarInverse(u).read(), await x.read());
        await expectAdjoint(haar, x, s);
        await expectAdjoint(haarInverse, u, s);
      }),
    ));

  it('of a constant is twice it in LL and zero elsewhere', async () => {
    const u = haar(full(backend, [1, 2, 4, 6], 3));
    expectClose(await slice(u, 1, 0, 2).read(), new Float64Array(12).fill(6));
    expect((await slice(u, 1, 2, 8).read()).every((v) => v === 0)).to.be.true;
  });

  it('refuses odd sizes, and bands that are not four', () => {
    expect(() => haar(full(backend, [1, 1, 3, 4], 0))).to.throw(ShapeError);
    expect(() => haarInverse(full(backend, [1, 6, 2, 2], 0))).to.throw(ShapeError);
  });
});

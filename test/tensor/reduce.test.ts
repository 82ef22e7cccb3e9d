import { expect } from 'chai';
import fc from 'fast-check';
import {
  CpuBackend,
  mean,
  reshape,
  ShapeError,
  sizeOf,
  sum,
  sumTo,
  broadcastTo,
} from '../../src/tensor/index.js';
import { random, seed, shape } from '../support/arbitraries.js';
import { expectClose } from '../support/close.js';
import { expectAdjoint, inner } from '../support/gradcheck.js';

const backend = new CpuBackend();
const axes = fc.subarray([0, 1, 2, 3]);

describe('sum and mean', () => {
  it('sum: its vjp is its adjoint, over any axes', () =>
    fc.assert(
      fc.asyncProperty(shape(3, 5, 4, 6), axes, fc.boolean(), seed, (x, over, keepDims, s) =>
        expectAdjoint((v) => sum(v, over, keepDims), random(backend, x, s), s + 1),
      ),
    ));

  it('sum over some axes, then the others, is the sum over all', () =>
    fc.assert(
      fc.asyncProperty(shape(3, 5, 4, 6), axes, seed, async (dims, over, s) => {
        const x = random(backend, dims, s, 1, 2);
        const partial = sum(x, over);
        expect(partial.shape).to.deep.equal(dims.filter((_, i) => !over.includes(i)));
        expect(sum(x, over, true).shape).to.deep.equal(dims.map((d, i) => (over.includes(i) ? 1 : d)));
        expectClose(await sum(partial).read(), await sum(x).read());
      }),
    ));

  it('adds up long axes in several passes', async () => {
    for (const dims of [[5000], [3, 70_001], [2, 3000, 4]]) {
      const x = random(backend, dims, 1);
      const total = Array.from(await x.read()).reduce((a, b) => a + b, 0);
      expect(await sum(x).item()).to.be.closeTo(total, 1e-9);
      expect((await sum(x, [dims.length - 1]).read()).length).to.equal(sizeOf(dims) / dims[dims.length - 1]);
    }
  });

  it('mean: of a constant is the constant, and its vjp is its adjoint', () =>
    fc.assert(
      fc.asyncProperty(shape(3, 5, 4, 6), axes, seed, async (dims, over, s) => {
        const y = await mean(random(backend, dims, s, 3, 3), over).read();
        expectClose(y, new Float64Array(y.length).fill(3));
        await expectAdjoint((v) => mean(v, over), random(backend, dims, s), s + 1);
      }),
    ));

  it('sumTo is the adjoint of broadcasting', () =>
    fc.assert(
      fc.asyncProperty(
        shape(3, 4, 5),
        fc.subarray([0, 1, 2]),
        fc.boolean(),
        seed,
        async (to, ones, drop, s) => {
          const from = to.map((d, i) => (ones.includes(i) ? 1 : d));
          const small = random(backend, drop && from[0] === 1 ? from.slice(1) : from, s);
          const large = random(backend, to, s + 1);
          const [a, b] = [await broadcastTo(small, to).read(), await sumTo(large, small.shape).read()];
          expect(inner(await small.read(), b)).to.be.closeTo(inner(a, await large.read()), 1e-11);
        },
      ),
    ));

  it('refuses axes that are not there, and shapes that do not broadcast', () => {
    const x = reshape(random(backend, [6], 1), [2, 3]);
    expect(() => sum(x, [2])).to.throw(ShapeError);
    expect(() => sumTo(x, [3, 3])).to.throw(ShapeError);
  });
});

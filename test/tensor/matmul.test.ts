import { expect } from 'chai';
import fc from 'fast-check';
import type { Kernel, Shape, Storage } from '../../src/kernels/index.js';
import {
  add,
  CpuBackend,
  matmul,
  matmulBias,
  permute,
  reshape,
  slice,
  type Tensor,
} from '../../src/tensor/index.js';
import { random, seed } from '../support/arbitraries.js';
import { expectClose } from '../support/close.js';
import { gradcheck } from '../support/gradcheck.js';

const backend = new CpuBackend();
/** Notes the kernels that it runs. */
class WatchedCpu extends CpuBackend {
  readonly kernels: string[] = [];

  override run<P>(
    kernel: Kernel<P>,
    inputs: readonly Storage[],
    shapes: readonly Shape[],
    params: P,
  ): Storage {
    this.kernels.push(kernel.name);
    return super.run(kernel, inputs, shapes, params);
  }
}

const cases = fc.record({
  ta: fc.boolean(),
  tb: fc.boolean(),
  batch: fc.constantFrom([], [3], [2, 2]),
  shared: fc.constantFrom('neither', 'a', 'b'),
});

describe('matmul', () => {
  it('differentiates in both factors, transposed, batched and shared', () =>
    fc.assert(
      fc.asyncProperty(cases, seed, async ({ ta, tb, batch, shared }, s) => {
        const [m, k, n] = [2, 3, 4];
        const a = random(backend, [...(shared === 'a' ? [] : batch), ...(ta ? [k, m] : [m, k])], s);
        const b = random(backend, [...(shared === 'b' ? [] : batch), ...(tb ? [n, k] : [k, n])], s + 1);
        await gradcheck((x, y) => matmul(x, y, { ta, tb }), [a, b], s);
      }),
    ));

  it('with a bias differentiates in that as well, and is the product plus it', () =>
    fc.assert(
      fc.asyncProperty(
        cases,
        fc.constantFrom('row' as const, 'column' as const),
        seed,
        async (of, along, s) => {
          const { ta, tb, batch, shared } = of;
          const [m, k, n] = [2, 3, 4];
          const a = random(backend, [...(shared === 'a' ? [] : batch), ...(ta ? [k, m] : [m, k])], s);
          const b = random(backend, [...(shared === 'b' ? [] : batch), ...(tb ? [n, k] : [k, n])], s + 1);
          const bias = random(backend, [along === 'row' ? m : n], s + 2);
          await gradcheck((x, y, z) => matmulBias(x, y, z, along, { ta, tb }), [a, b, bias], s);
          const sum = add(matmul(a, b, { ta, tb }), along === 'row' ? reshape(bias, [m, 1]) : bias);
          expectClose(await matmulBias(a, b, bias, along, { ta, tb }).read(), await sum.read());
        },
      ),
    ));

  it('obeys (AB)ᵀ = BᵀAᵀ', () =>
    fc.assert(
      fc.asyncProperty(seed, async (s) => {
        const [a, b] = [random(backend, [2, 3, 4], s), random(backend, [2, 4, 5], s + 1)];
        const left = await permute(matmul(a, b), [0, 2, 1]).read();
        expectClose(await matmul(b, a, { ta: true, tb: true }).read(), left);
      }),
    ));

  it('lays a transposed factor of many rows and columns out anew, to the same product', async () => {
    for (const batch of [[], [2]]) {
      const watched = new WatchedCpu();
      const a = random(watched, [...batch, 256, 3], 1);
      const b = random(watched, [...batch, 128, 3], 2);
      const y = matmul(a, b, { tb: true });
      expect(watched.kernels).to.deep.equal(['move', 'matmul']);
      const rows = (x: Tensor): Tensor => slice(x, batch.length, 16, 20);
      expectClose(await rows(y).read(), await matmul(rows(a), b, { tb: true }).read());
      expect(watched.kernels.slice(2)).to.deep.equal(['move', 'move', 'matmul']);
    }
  });

  it('differentiates where that is done', () =>
    fc.assert(
      fc.asyncProperty(fc.constantFrom([], [2]), fc.boolean(), seed, async (batch, ta, s) => {
        const a = random(backend, [...batch, ...(ta ? [128, 256] : [256, 128])], s);
        const b = random(backend, [...batch, 128, 2], s + 1);
        await gradcheck((x, y) => matmul(x, y, { ta }), [a, b], s);
      }),
      { numRuns: 3 },
    ));
});

import fc from 'fast-check';
import { add, CpuBackend, matmul, matmulBias, permute, reshape } from '../../src/tensor/index.js';
import { random, seed } from '../support/arbitraries.js';
import { expectClose } from '../support/close.js';
import { gradcheck } from '../support/gradcheck.js';

const backend = new CpuBackend();
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
});

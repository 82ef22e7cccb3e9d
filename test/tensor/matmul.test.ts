import fc from 'fast-check';
import { CpuBackend, matmul, permute } from '../../src/tensor/index.js';
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

  it('obeys (AB)ᵀ = BᵀAᵀ', () =>
    fc.assert(
      fc.asyncProperty(seed, async (s) => {
        const [a, b] = [random(backend, [2, 3, 4], s), random(backend, [2, 4, 5], s + 1)];
        const left = await permute(matmul(a, b), [0, 2, 1]).read();
        expectClose(await matmul(b, a, { ta: true, tb: true }).read(), left);
      }),
    ));
});

import { expect } from 'chai';
import fc from 'fast-check';
import {
  add,
  grad,
  layerNorm,
  full,
  matmul,
  mul,
  scale,
  softmax,
  sum,
  type Tensor,
  variable,
} from '../../src/tensor/index.js';
import { cpu, white } from '../diffusion/setting.js';

const [d, e, pixels] = [8, 16, 12];

/** softmax(Q Kᵀ / √e) V, one head; x [n, e] asks y [k, e]. Layer norm on x before, x added after. */
function attention(x: Tensor, y: Tensor, seed: number): Tensor {
  const normed = layerNorm(x, full(cpu, [e], 1), full(cpu, [e], 0), 1);
  const [Q, K, V] = [normed, y, y].map((z, i) => matmul(z, scale(0.3, white([e, e], seed, i))));
  return add(x, matmul(softmax(scale(1 / Math.sqrt(e), matmul(Q, K, { tb: true }))), V));
}

/** How large the gradients of C̄ [q, q] and T̄ [q, e] are, through (17) – (19) and A T of (20). */
async function gradients(cbar: Tensor, tbar: Tensor, seed: number): Promise<[number, number]> {
  const [q] = cbar.shape;
  const [C, Tb] = [variable(cbar), variable(tbar)];
  const features = white([pixels, e], seed, 10);
  const hat = matmul(C, Tb); // (17)
  const crossed = attention(hat, features, seed + 1);
  const T = attention(crossed, crossed, seed + 2); // (18)
  const A = softmax(matmul(white([q, d], seed, 11), C, { ta: true })); // (19) [d, q]
  const loss = sum(mul(matmul(A, T), white([d, e], seed, 12))); // (20) reads A T
  const largest = async (g: Tensor): Promise<number> => Math.max(...Array.from(await g.read(), Math.abs));
  const [gC, gT] = grad(loss, [C, Tb]);
  return [await largest(gC), await largest(gT)];
}

const setting = fc.record({ q: fc.integer({ min: 2, max: 9 }), seed: fc.nat(1000) });
const zero = (...shape: number[]): Tensor => full(cpu, shape, 0);
const drawn = (seed: number, ...shape: number[]): Tensor => scale(0.02, white(shape, seed));

describe('E3: memory that starts at zero', () => {
  it('has gradients that are exactly zero, in T̄, and in C̄ but for the rounding of a softmax', () =>
    fc.assert(
      fc.asyncProperty(setting, async ({ q, seed }) => {
        const [inC, inT] = await gradients(zero(q, q), zero(q, e), seed);
        expect(inT).to.equal(0);
        // y_k (g_k − Σ g y) with q equal g: nothing is rounded for q = 2.
        expect(inC).to.be.at.most(q <= 2 ? 0 : 1e-14);
      }),
      { numRuns: 30 },
    ));

  it('drawn from N(0, 0.02²), learns', () =>
    fc.assert(
      fc.asyncProperty(setting, async ({ q, seed }) => {
        const [inC, inT] = await gradients(drawn(seed, q, q), drawn(seed + 1, q, e), seed);
        expect(inC).to.be.greaterThan(1e-4);
        expect(inT).to.be.greaterThan(1e-4);
      }),
      { numRuns: 30 },
    ));

  it('would learn if one of both were drawn', async () => {
    const [inC] = await gradients(zero(4, 4), drawn(1, 4, e), 1);
    const [, inT] = await gradients(drawn(1, 4, 4), zero(4, e), 1);
    expect(inC).to.be.greaterThan(1e-4);
    expect(inT).to.be.greaterThan(1e-4);
  });
});

import { expect } from 'chai';
import fc from 'fast-check';
import { CpuBackend, grad, matmul, topK, variable } from '../../src/tensor/index.js';
import { random, seed, shape } from '../support/arbitraries.js';

const backend = new CpuBackend();

describe('topK', () => {
  it('picks what a stable sort on the host puts first', () =>
    fc.assert(
      fc.asyncProperty(shape(3, 12), seed, async ([n, q], s) => {
        const k = 1 + (s % q);
        const [scores, rows] = [random(backend, [n, q], s), random(backend, [n, q, 2], s + 1)];
        const picked = matmul(topK(scores, k), rows);
        expect(picked.shape).to.deep.equal([n, k, 2]);
        const [x, v] = [await scores.read(), await rows.read()];
        const wanted = Array.from({ length: n }, (_, i) => {
          const order = Array.from({ length: q }, (_, j) => j).sort((a, b) => x[i * q + b] - x[i * q + a]);
          return order.slice(0, k).flatMap((j) => [v[2 * (i * q + j)], v[2 * (i * q + j) + 1]]);
        });
        expect([...(await picked.read())]).to.deep.equal(wanted.flat());
      }),
    ));

  it('passes gradients to what it picks from, and refuses them through the choice', async () => {
    const [scores, rows] = [random(backend, [2, 5], 1), variable(random(backend, [2, 5, 3], 2))];
    const [g] = grad(matmul(topK(scores, 2), rows), [rows]);
    expect(Array.from(await g.read()).reduce((a, b) => a + b)).to.equal(2 * 2 * 3);
    const x = variable(scores);
    expect(() => grad(matmul(topK(x, 2), rows), [x])).to.throw('topK has no vjp');
  });
});

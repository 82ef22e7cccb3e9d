import { expect } from 'chai';
import fc from 'fast-check';
import { CpuBackend, grad, maxLast, tensor, variable } from '../../src/tensor/index.js';
import { random, seed, shape } from '../support/arbitraries.js';
import { gradcheck } from '../support/gradcheck.js';

const backend = new CpuBackend();

describe('maxLast', () => {
  it('is the greatest of each row', () =>
    fc.assert(
      fc.asyncProperty(shape(3, 9), seed, async ([rows, cols], s) => {
        const x = random(backend, [rows, cols], s);
        const v = Array.from(await x.read());
        const y = maxLast(x);
        expect(y.shape).to.deep.equal([rows]);
        const wanted = Array.from({ length: rows }, (_, r) => Math.max(...v.slice(r * cols, (r + 1) * cols)));
        expect([...(await y.read())]).to.deep.equal(wanted);
      }),
    ));

  it('vjp: central differences, where the greatest is clear', () =>
    fc.assert(
      fc.asyncProperty(shape(3, 12), seed, ([rows, cols], s) => {
        // A shuffle of 0, 0.1, 0.2 … in each row: no two are close.
        const steps = Array.from({ length: rows * cols }, (_, i) => (((i % cols) * 7 + s) % 13) + i / 100);
        return gradcheck(maxLast, [tensor(backend, [rows, cols], steps)], s + 1);
      }),
    ));

  it('gives the whole cotangent to the first of equals', async () => {
    const x = variable(tensor(backend, [2, 3], [1, 2, 2, 0, 0, 0]));
    const [gx] = grad(maxLast(x), [x], tensor(backend, [2], [5, 7]));
    expect([...(await gx.read())]).to.deep.equal([0, 5, 0, 7, 0, 0]);
  });
});

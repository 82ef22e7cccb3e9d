import { expect } from 'chai';
import fc from 'fast-check';
import { add, CpuBackend, div, mul, sub, type Tensor } from '../../src/tensor/index.js';
import { random, seed } from '../support/arbitraries.js';
import { gradcheck } from '../support/gradcheck.js';

const backend = new CpuBackend();
const ops: Record<string, (a: Tensor, b: Tensor) => Tensor> = { add, sub, mul, div };
const pairs = [
  [[2, 3], [2, 3]],
  [[2, 3, 4], [3, 1]],
  [[1, 4], [3, 1]],
  [[], [2, 2]],
]; // prettier-ignore

describe('arithmetic with broadcasting', () => {
  for (const [name, f] of Object.entries(ops))
    it(`${name} differentiates in both arguments`, () =>
      fc.assert(
        fc.asyncProperty(fc.constantFrom(...pairs), seed, async ([a, b], s) => {
          await gradcheck(f, [random(backend, a, s), random(backend, b, s + 1, 0.5, 2)], s);
        }),
      ));

  it('has the shape that numpy gives it', () => {
    const [a, b] = [random(backend, [2, 1, 4], 1), random(backend, [3, 1], 2)];
    expect(add(a, b).shape).to.deep.equal([2, 3, 4]);
  });
});

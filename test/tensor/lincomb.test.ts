import { expect } from 'chai';
import fc from 'fast-check';
import { affine, CpuBackend, lincomb, scale } from '../../src/tensor/index.js';
import { random, seed, shape, values } from '../support/arbitraries.js';
import { expectClose } from '../support/close.js';
import { gradcheck } from '../support/gradcheck.js';

const backend = new CpuBackend();

describe('lincomb, affine, scale', () => {
  it('vjps: central differences', () =>
    fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 4 }), shape(3, 4), seed, async (terms, dims, s) => {
        const c = values(s, terms + 1, 1, 2);
        const xs = Array.from({ length: terms }, (_, i) => random(backend, dims, s + i));
        await gradcheck((...vs) => affine(c[terms], ...vs.map((v, i) => [c[i], v] as const)), xs, s);
      }),
    ));

  it('are linear: a sum of scaled terms, one by one or all at once', () =>
    fc.assert(
      fc.asyncProperty(shape(3, 4), seed, async (dims, s) => {
        const [x, y] = [random(backend, dims, s), random(backend, dims, s + 1)];
        const whole = lincomb([2, x], [-3, y]);
        expectClose(await lincomb([1, scale(2, x)], [1, scale(-3, y)]).read(), await whole.read());
        expectClose(
          await lincomb([1, affine(5, [2, x], [-3, y])], [-1, whole]).read(),
          new Float64Array(x.storage.size).fill(5),
        );
      }),
    ));

  it('refuse more than four terms', () => {
    const x = random(backend, [2], 1);
    expect(() => lincomb([1, x], [1, x], [1, x], [1, x], [1, x])).to.throw('1 to 4 terms');
  });
});

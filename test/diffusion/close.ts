import { expect } from 'chai';
import type { Tensor } from '../../src/tensor/index.js';
import { compared } from '../support/tally.js';

type Numbers = ArrayLike<number>;
const numbers = async (x: Tensor | Numbers): Promise<Numbers> => ('read' in x ? x.read() : x);

/** Asserts |actual − expected| ≤ tolerance · max(1, |expected|), element by element, and that there are any. */
export async function expectClose(
  actual: Tensor | Numbers,
  expected: Tensor | Numbers,
  tolerance = 1e-12,
): Promise<void> {
  const [got, want] = [await numbers(actual), await numbers(expected)];
  expect(got.length).to.equal(want.length).and.to.be.greaterThan(0);
  for (let i = 0; i < want.length; i++) {
    const magnitude = Math.max(1, Math.abs(want[i]));
    const allowed = tolerance * magnitude;
    compared(got[i] - want[i], allowed, magnitude);
    if (!(Math.abs(got[i] - want[i]) <= allowed))
      expect.fail(`[${i}]: got ${got[i]}, want ${want[i]} ± ${allowed}`);
  }
}

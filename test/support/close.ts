import { expect } from 'chai';
import { compared } from './tally.js';

/** Unit roundoff of f32: one operation is off by at most this, relatively. */
const U = 2 ** -24;

/** Below the smallest normal f32 a device may flush to zero, so that much is always allowed. */
const TINY = 2 ** -126;

/**
 * Asserts |actual − expected| ≤ roundings · u · scale, element by element: the forward error bound of an f32
 * computation whose terms add up to `scale` in absolute value.
 */
export function expectRounded(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  roundings: number,
  scale: ArrayLike<number>,
): void {
  expect(actual.length).to.equal(expected.length);
  for (let i = 0; i < expected.length; i++) {
    const bound = roundings * U * Math.abs(scale[i]) + TINY;
    const error = Math.abs(actual[i] - expected[i]);
    compared(error, bound, Math.abs(scale[i]));
    if (!(error <= bound))
      expect.fail(
        `[${i}]: got ${actual[i]}, want ${expected[i]} ± ${bound} (${(error / (U * Math.abs(scale[i]))).toFixed(1)} roundings, ${roundings} allowed)`,
      );
  }
}

/** Asserts that two float64 results agree to `tolerance`, relative to the greatest magnitude in `expected`. */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-12): void {
  expect(actual.length).to.equal(expected.length);
  const scale = Array.from(expected).reduce((m, v) => Math.max(m, Math.abs(v)), 0);
  for (let i = 0; i < expected.length; i++) {
    compared(actual[i] - expected[i], tolerance * scale, scale);
    if (!(Math.abs(actual[i] - expected[i]) <= tolerance * scale))
      expect.fail(`[${i}]: got ${actual[i]}, want ${expected[i]} ± ${tolerance * scale}`);
  }
}

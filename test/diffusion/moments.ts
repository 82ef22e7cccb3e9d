import { expect } from 'chai';
import { sizeOf, type Shape } from '../../src/tensor/index.js';
import { frequencyAt } from './setting.js';

/**
 * Asserts that deviations from a mean look like N(0, variance), block frequency by block frequency: their
 * average within 5 standard errors of 0, and that of their squares within 5 of the variance (√(2/N) relative).
 * A right law fails about one comparison in a million; the seeds are fixed, so it fails always or never.
 *
 * @param deviations spectrum of blocks of side p, row-major
 */
export function expectMoments(
  deviations: ArrayLike<number>,
  shape: Shape,
  p: number,
  variance: number,
): void {
  const frequency = frequencyAt(p, shape);
  const [sum, squares] = [new Float64Array(p * p), new Float64Array(p * p)];
  for (let i = 0; i < deviations.length; i++) {
    const k = frequency(i);
    sum[k] += deviations[i];
    squares[k] += deviations[i] ** 2;
  }
  const N = sizeOf(shape) / (p * p);
  expect(N).to.be.at.least(1000);
  for (let k = 0; k < p * p; k++) {
    const mean = sum[k] / Math.sqrt(N * variance);
    const spread = (squares[k] / (N * variance) - 1) / Math.sqrt(2 / N);
    if (!(Math.abs(mean) <= 5 && Math.abs(spread) <= 5))
      expect.fail(`frequency ${k}: mean is off by ${mean} standard errors, variance by ${spread}; 5 allowed`);
  }
}

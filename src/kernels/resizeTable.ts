import type { AxisTable } from './axisTable.js';

/**
 * Bicubic resizing of one axis as MATLAB's `imresize` does it: Keys' kernel with a = −½, widened by the ratio
 * when shrinking (antialiasing), half-sample symmetric border, weights normalised. `length` → `outLength`:
 *
 *   u_k = (k + ½)/s − ½,   s = outLength / length
 *   w_kj ∝ h(u_k − i_kj),   h(x) = s K(s x) if s < 1, else K(x)
 *
 * ×4 down has 16 taps, all multiples of 2⁻¹², from index 4k − 6 on; they are exact.
 *
 * @throws RangeError unless both lengths are positive integers
 */
export function resizeTable(length: number, outLength: number): AxisTable {
  for (const n of [length, outLength])
    if (!Number.isInteger(n) || n < 1) throw new RangeError(`resizeTable: expected lengths >= 1, got ${n}`);
  const s = outLength / length;
  const shrink = Math.min(s, 1);
  const reach = 2 / shrink;
  const taps = Math.ceil(2 * reach);
  const indices = new Int32Array(outLength * taps);
  const weights = new Float64Array(outLength * taps);
  for (let k = 0; k < outLength; k++) {
    const centre = (k + 0.5) / s - 0.5;
    const first = Math.floor(centre - reach) + 1; // left of it the kernel is 0
    const row = weights.subarray(k * taps, (k + 1) * taps);
    for (let j = 0; j < taps; j++) {
      row[j] = cubic(shrink * (centre - first - j));
      indices[k * taps + j] = symmetric(first + j, length);
    }
    const sum = row.reduce((a, b) => a + b, 0);
    row.forEach((w, j) => (row[j] = w / sum));
  }
  return { rows: outLength, length, taps, indices, weights };
}

/** Keys' cubic convolution kernel, a = −½. */
function cubic(x: number): number {
  const a = Math.abs(x);
  if (a >= 2) return 0;
  return a <= 1 ? (1.5 * a - 2.5) * a * a + 1 : ((-0.5 * a + 2.5) * a - 4) * a + 2;
}

/** Half-sample symmetric: … 1 0 | 0 1 … n−1 | n−1 n−2 … */
function symmetric(i: number, n: number): number {
  const m = ((i % (2 * n)) + 2 * n) % (2 * n);
  return m < n ? m : 2 * n - 1 - m;
}

import { type Image, InputError } from '../data/index.js';
import { checkSize } from './checkSize.js';
import { luma } from './luma.js';

/**
 * Temporal difference error, tdE: how far a clip changes from frame to frame in another way than the truth does.
 *
 *   tdE = mean over i and pixels of | (r_{i+1} − r_i) − (h_{i+1} − h_i) |,   r, h luma of result and truth
 *
 * In steps of 8-bit luma, 0 … 438; less is better. 0 where the error stands still, however large it is: read it beside
 * PSNR. It is dtSSD (Erofeev et al., BMVC 2015) with the absolute value in the place of the square. No motion is
 * estimated, as the truth has the same motion.
 *
 * @throws InputError if the clips differ in length or size, or have fewer than two frames
 */
export function temporalDifference(result: readonly Image[], truth: readonly Image[]): number {
  if (result.length !== truth.length || truth.length < 2)
    throw new InputError(
      `tdE: expected two clips of one length, at least 2, got ${result.length} and ${truth.length} frames; compare the same frames`,
    );
  const errorOf = (i: number): Float64Array => {
    checkSize('tdE', result[i], truth[i]);
    checkSize('tdE', truth[i], truth[0]);
    const h = luma(truth[i]);
    return luma(result[i]).map((r, j) => r - h[j]);
  };
  let [before, sum] = [errorOf(0), 0];
  for (let i = 1; i < truth.length; i++) {
    const error = errorOf(i);
    sum += error.reduce((total, e, j) => total + Math.abs(e - before[j]), 0) / error.length;
    before = error;
  }
  return sum / (truth.length - 1);
}

import type { Image } from '../data/index.js';
import { checkSize } from './checkSize.js';
import { type Channel, planes } from './luma.js';

/**
 * Peak signal-to-noise ratio in dB, peak 255, of one picture against another:
 *
 *   PSNR = 10 log₁₀( 255² / MSE )
 *
 * The mean square error is over all pixels (no border is cut off) and, for 'rgb', over all channels at once.
 * Infinity for identical pictures.
 *
 * @throws InputError if the sizes differ
 * @setting SeeClear (PSNR)
 */
export function psnr(result: Image, truth: Image, channel: Channel): number {
  checkSize('PSNR', result, truth);
  const b = planes(truth, channel);
  let sum = 0;
  planes(result, channel).forEach((plane, c) => {
    for (let i = 0; i < plane.length; i++) sum += (plane[i] - b[c][i]) ** 2;
  });
  return 10 * Math.log10((255 ** 2 * b.length * b[0].length) / sum);
}

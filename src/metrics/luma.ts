import { CHANNELS, type Image } from '../data/index.js';

/** Which samples a metric looks at: all three colours, or luma. */
export type Channel = 'rgb' | 'y';

/**
 * Luma of BT.601 in studio range, 16 … 235, from 8-bit RGB:
 *
 *   Y = (65.481 R + 128.553 G + 24.966 B) / 255 + 16
 *
 * It is not rounded, as in BasicSR and its descendants, from which the published numbers come. (MATLAB's
 * `rgb2ycbcr` rounds when it is given bytes and does not when it is given doubles.)
 *
 * @param image [h, w, 3]
 * @returns [h, w]
 * @setting SeeClear (channels)
 */
export function luma({ data }: Image): Float64Array {
  const y = new Float64Array(data.length / CHANNELS);
  for (let i = 0, j = 0; i < y.length; i++, j += CHANNELS)
    y[i] = (65.481 * data[j] + 128.553 * data[j + 1] + 24.966 * data[j + 2]) / 255 + 16;
  return y;
}

/** The planes [h, w] that a metric compares: three of them for 'rgb', one for 'y'. */
export function planes(image: Image, channel: Channel): Float64Array[] {
  if (channel === 'y') return [luma(image)];
  return [0, 1, 2].map((c) => {
    const plane = new Float64Array(image.width * image.height);
    for (let i = 0; i < plane.length; i++) plane[i] = image.data[i * CHANNELS + c];
    return plane;
  });
}

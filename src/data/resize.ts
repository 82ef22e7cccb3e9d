/**
 * Bicubic resizing of pictures as MATLAB's `imresize` does it (see `resizeTable`). The public BI ×4 low-resolution
 * sets were made with it in 8 bits: the height is resized, rounded and clipped to bytes, then the width.
 */
import { resizeTable, type AxisTable } from '../tensor/index.js';
import { CHANNELS, type Image } from './image.js';

/**
 * The low-resolution picture of a high-resolution one: BI degradation, by `scale` in both directions.
 * Rows and columns beyond a multiple of `scale` are cut off first, at the bottom and on the right.
 *
 * @returns [⌊h / scale⌋, ⌊w / scale⌋, 3]
 * @throws RangeError if the picture is smaller than `scale` or `scale` is no positive integer
 * @setting SeeClear (degradation)
 */
export function degrade(image: Image, scale = 4): Image {
  checkScale('degrade', scale);
  const [h, w] = [Math.floor(image.height / scale), Math.floor(image.width / scale)];
  if (h === 0 || w === 0)
    throw new RangeError(
      `degrade: expected at least ${scale} x ${scale} pixels, got ${image.width} x ${image.height}`,
    );
  return resize(image, resizeTable(w * scale, w), resizeTable(h * scale, h));
}

/**
 * The picture enlarged `scale` times in both directions, in 8 bits: the baseline every method is held against.
 *
 * @returns [h · scale, w · scale, 3]
 * @throws RangeError if `scale` is no positive integer
 */
export function upscaleBicubic(image: Image, scale = 4): Image {
  checkScale('upscaleBicubic', scale);
  const { width: w, height: h } = image;
  return resize(image, resizeTable(w, w * scale), resizeTable(h, h * scale));
}

/** Height first, as MATLAB does when both ratios are equal. Bytes in between. */
function resize(image: Image, across: AxisTable, down: AxisTable): Image {
  const height = down.indices.length / down.taps;
  const width = across.indices.length / across.taps;
  const stride = image.width * CHANNELS;
  const tall = new Uint8Array(height * stride);
  const sums = new Float64Array(Math.max(stride, width * CHANNELS));
  for (let y = 0; y < height; y++) {
    sums.fill(0);
    for (let j = y * down.taps; j < (y + 1) * down.taps; j++) {
      const weight = down.weights[j];
      const from = down.indices[j] * stride;
      for (let x = 0; x < stride; x++) sums[x] += weight * image.data[from + x];
    }
    for (let x = 0; x < stride; x++) tall[y * stride + x] = toByte(sums[x]);
  }
  const data = new Uint8Array(height * width * CHANNELS);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let [r, g, b] = [0, 0, 0];
      for (let j = x * across.taps; j < (x + 1) * across.taps; j++) {
        const weight = across.weights[j];
        const from = y * stride + across.indices[j] * CHANNELS;
        r += weight * tall[from];
        g += weight * tall[from + 1];
        b += weight * tall[from + 2];
      }
      data[to++] = toByte(r);
      data[to++] = toByte(g);
      data[to++] = toByte(b);
    }
  }
  return { width, height, data };
}

/** Halves up (for the positive they are "away from zero"), clipped. */
const toByte = (v: number): number => Math.min(Math.max(Math.floor(v + 0.5), 0), 255);

function checkScale(where: string, scale: number): void {
  if (!Number.isInteger(scale) || scale < 1)
    throw new RangeError(`${where}: expected an integer scale >= 1, got ${scale}`);
}

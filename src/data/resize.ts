/**
 * Bicubic resizing as MATLAB's `imresize` does it: Keys' kernel with a = −½, widened by the ratio when
 * shrinking (antialiasing), half-sample symmetric border, weights normalised. The public BI ×4 low-resolution
 * sets were made with it in 8 bits: the height is resized, rounded and clipped to bytes, then the width.
 */
import { CHANNELS, type Image } from './image.js';

/** One-dimensional resizing: y[k] = Σ_j weights[k · taps + j] · x[indices[k · taps + j]]. */
export interface ResizeTable {
  /** [outLength, taps], each in 0 … length − 1, the border folded in */
  readonly indices: Int32Array;
  /** [outLength, taps], each row adding up to 1 */
  readonly weights: Float64Array;
  readonly taps: number;
}

/**
 * The table that takes `length` samples to `outLength`, for any ratio up or down.
 *
 *   u_k = (k + ½) / s − ½,   s = outLength / length
 *   w_kj ∝ h(u_k − i_kj),    h(x) = s · K(s x) if s < 1, else K(x)
 *
 * ×4 down has 16 taps, all multiples of 2⁻¹², from index 4k − 6 on; they are exact.
 *
 * @throws RangeError unless both lengths are positive integers
 */
export function resizeTable(length: number, outLength: number): ResizeTable {
  for (const n of [length, outLength])
    if (!Number.isInteger(n) || n < 1) throw new RangeError(`resizeTable: expected lengths >= 1, got ${n}`);
  const s = outLength / length;
  const shrink = Math.min(s, 1);
  const reach = 2 / shrink;
  const centre = (k: number): number => (k + 0.5) / s - 0.5;
  const first = (k: number): number => Math.floor(centre(k) - reach) + 1; // left of it the kernel is 0
  const taps = Math.ceil(2 * reach);
  const indices = new Int32Array(outLength * taps);
  const weights = new Float64Array(outLength * taps);
  for (let k = 0; k < outLength; k++) {
    const row = weights.subarray(k * taps, (k + 1) * taps);
    for (let j = 0; j < taps; j++) {
      row[j] = cubic(shrink * (centre(k) - first(k) - j));
      indices[k * taps + j] = mirror(first(k) + j, length);
    }
    const sum = row.reduce((a, b) => a + b, 0);
    row.forEach((w, j) => (row[j] = w / sum));
  }
  return { indices, weights, taps };
}

/**
 * The low-resolution picture of a high-resolution one: BI degradation, by `scale` in both directions.
 * Rows and columns beyond a multiple of `scale` are cut off first, at the bottom and on the right.
 *
 * @returns [⌊h / scale⌋, ⌊w / scale⌋, 3]
 * @throws RangeError if the picture is smaller than `scale` or `scale` is no positive integer
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
function resize(image: Image, across: ResizeTable, down: ResizeTable): Image {
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

/** Keys' cubic convolution kernel, a = −½. */
function cubic(x: number): number {
  const a = Math.abs(x);
  if (a >= 2) return 0;
  return a <= 1 ? (1.5 * a - 2.5) * a * a + 1 : ((-0.5 * a + 2.5) * a - 4) * a + 2;
}

/** Half-sample symmetric: … 1 0 | 0 1 … n−1 | n−1 n−2 … */
function mirror(i: number, n: number): number {
  const m = ((i % (2 * n)) + 2 * n) % (2 * n);
  return m < n ? m : 2 * n - 1 - m;
}

/** Halves up (for the positive they are "away from zero"), clipped. */
const toByte = (v: number): number => Math.min(Math.max(Math.floor(v + 0.5), 0), 255);

function checkScale(where: string, scale: number): void {
  if (!Number.isInteger(scale) || scale < 1)
    throw new RangeError(`${where}: expected an integer scale >= 1, got ${scale}`);
}

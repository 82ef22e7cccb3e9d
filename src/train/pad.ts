import { CHANNELS, type Image } from '../data/index.js';

/**
 * The picture, continued to the right and downwards by mirroring at its edge, until both sides are multiples
 * of `multiple`: x[n], x[n+1], … = x[n−1], x[n−2], …, as often as it takes. The mirror stands at the edge of the
 * last sample, not in its middle: there it is the same line for LR and HR, and the border rule of the bicubic.
 */
export function padToMultiple({ width, height, data }: Image, multiple: number): Image {
  const round = (n: number): number => Math.ceil(n / multiple) * multiple;
  const [outWidth, outHeight] = [round(width), round(height)];
  const out = new Uint8Array(outWidth * outHeight * CHANNELS);
  for (let y = 0, i = 0; y < outHeight; y++) {
    const row = mirror(y, height) * width;
    for (let x = 0; x < outWidth; x++) {
      const from = (row + mirror(x, width)) * CHANNELS;
      for (let c = 0; c < CHANNELS; c++) out[i++] = data[from + c];
    }
  }
  return { width: outWidth, height: outHeight, data: out };
}

/** The sample 0 … n − 1 that stands at place i ≥ 0. */
function mirror(i: number, n: number): number {
  const at = i % (2 * n);
  return at < n ? at : 2 * n - 1 - at;
}

/**
 * The part of a picture whose upper left corner is at (left, top), [height, width, 3].
 *
 * @throws RangeError if it is not all inside
 */
export function crop(image: Image, width: number, height: number, left = 0, top = 0): Image {
  if (left + width > image.width || top + height > image.height)
    throw new RangeError(
      `crop: expected a part of ${image.width} x ${image.height}, got ${width} x ${height} at ${left}, ${top}`,
    );
  const data = new Uint8Array(width * height * CHANNELS);
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * image.width + left) * CHANNELS;
    data.set(image.data.subarray(from, from + width * CHANNELS), y * width * CHANNELS);
  }
  return { width, height, data };
}

import { CHANNELS, type Image } from '../data/index.js';

/**
 * The picture, continued to the right and downwards by mirroring at its edge, until both sides are multiples
 * of `multiple`: x[n], x[n+1], … = x[n−1], x[n−2], …, as often as it takes. The mirror stands at the edge of the
 * last sample, not in its middle: there it is the same line for LR and HR, and the border rule of the bicubic.
 */
export function padToMultiple(image: Image, multiple: number): Image {
  const round = (n: number): number => Math.ceil(n / multiple) * multiple;
  return remap(image, round(image.width), round(image.height));
}

/** The upper left part of a picture, [height, width, 3]. */
export const crop = (image: Image, width: number, height: number): Image => remap(image, width, height);

function remap({ width, height, data }: Image, outWidth: number, outHeight: number): Image {
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

import { CHANNELS, type Image } from '../data/index.js';

/** Pictures of one height, left to right with `gap` white columns between them. */
export function sideBySide(images: readonly Image[], gap = 4): Image {
  const [{ height }] = images;
  const width = images.reduce((sum, image) => sum + image.width + gap, -gap);
  const data = new Uint8Array(width * height * CHANNELS).fill(255);
  let left = 0;
  for (const image of images) {
    const row = image.width * CHANNELS;
    for (let y = 0; y < height; y++)
      data.set(image.data.subarray(y * row, (y + 1) * row), (y * width + left) * CHANNELS);
    left += image.width + gap;
  }
  return { width, height, data };
}

/** Each pixel as a square of `scale` by `scale`. */
export function enlargeNearest({ width, height, data }: Image, scale: number): Image {
  const out = new Uint8Array(width * height * scale * scale * CHANNELS);
  for (let y = 0, i = 0; y < height * scale; y++)
    for (let x = 0; x < width * scale; x++) {
      const from = (Math.floor(y / scale) * width + Math.floor(x / scale)) * CHANNELS;
      for (let c = 0; c < CHANNELS; c++) out[i++] = data[from + c];
    }
  return { width: width * scale, height: height * scale, data: out };
}

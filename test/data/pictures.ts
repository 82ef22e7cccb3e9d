import fc from 'fast-check';
import { type Image, Random } from '../../src/data/index.js';

/** A picture of noise. */
export function noisePicture(seed: number, width: number, height: number): Image {
  const random = new Random(seed);
  return { width, height, data: Uint8Array.from({ length: width * height * 3 }, () => random.int(256)) };
}

/** Pictures of noise with sides of 1 … `side`; fast-check draws size and seed. */
export const picture = (side: number): fc.Arbitrary<Image> =>
  fc
    .tuple(fc.nat(), fc.integer({ min: 1, max: side }), fc.integer({ min: 1, max: side }))
    .map(([seed, w, h]) => noisePicture(seed, w, h));

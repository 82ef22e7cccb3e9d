/** Training crops: the same cut, flips and transpose for every frame of a clip. */
import ndarray from 'ndarray';
import { InputError } from './errors.js';
import { CHANNELS, type Image } from './image.js';
import type { Random } from './random.js';

/**
 * A random size x size cut, flipped left-right, flipped upside down and transposed with probability ½ each:
 * all eight symmetries of the square are equally likely. Time runs as before.
 *
 * @param clip frames of one size (see `readClip`), at least size x size
 * @returns new frames [size, size, 3]; `clip` is left as it was
 * @throws InputError if the frames are smaller than the cut
 */
export function augmentClip(clip: readonly Image[], size: number, random: Random): Image[] {
  const { width, height } = clip[0];
  if (width < size || height < size)
    throw new InputError(
      `clip: expected frames of at least ${size} x ${size} pixels, got ${width} x ${height}; train on smaller crops or larger frames`,
    );
  const x0 = random.int(width - size + 1);
  const y0 = random.int(height - size + 1);
  const stepX = random.int(2) === 1 ? -1 : 1;
  const stepY = random.int(2) === 1 ? -1 : 1;
  const transpose = random.int(2) === 1;
  return clip.map(({ data }) => {
    const cut = ndarray(data, [height, width, CHANNELS]).lo(y0, x0).hi(size, size).step(stepY, stepX);
    return copy(transpose ? cut.transpose(1, 0, 2) : cut, size);
  });
}

/** The view [size, size, 3], laid out afresh. */
function copy(view: ndarray.NdArray<Uint8Array>, size: number): Image {
  const data = new Uint8Array(size * size * CHANNELS);
  let i = 0;
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) for (let c = 0; c < CHANNELS; c++) data[i++] = view.get(y, x, c);
  return { width: size, height: size, data };
}

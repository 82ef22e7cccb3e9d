/** Training crops: the same cut, flips and transpose for every frame of a clip. */
import ndarray from 'ndarray';
import { CHANNELS, type Image } from './image.js';
import type { Random } from './random.js';

/** A square cut out of a frame, and the symmetry of the square that it then goes through. */
export interface Cut {
  /** left edge in pixels */
  readonly x: number;
  /** upper edge in pixels */
  readonly y: number;
  /** side in pixels */
  readonly size: number;
  /** flipped left-right, before the transpose */
  readonly flipX: boolean;
  /** flipped upside down, likewise */
  readonly flipY: boolean;
  readonly transpose: boolean;
}

/**
 * A random size x size cut, flipped left-right, flipped upside down and transposed with probability ½ each:
 * all eight symmetries of the square are equally likely, and all places.
 *
 * @param frame the frame's size in pixels, at least size x size
 * @param grid left and upper edge are multiples of this, so that a cut of HR frames is one of LR frames too
 * @throws RangeError if the frame is smaller than the cut
 */
export function drawCut({ width, height }: Omit<Image, 'data'>, size: number, random: Random, grid = 1): Cut {
  if (width < size || height < size)
    throw new RangeError(`drawCut: expected at least ${size} x ${size}, got ${width} x ${height}`);
  const place = (length: number): number => grid * random.int(Math.floor((length - size) / grid) + 1);
  const coin = (): boolean => random.int(2) === 1;
  return { x: place(width), y: place(height), size, flipX: coin(), flipY: coin(), transpose: coin() };
}

/** What is cut out of a frame, laid out afresh: [size, size, 3]. The frame is left as it was. */
export function cutOut({ width, height, data }: Image, { x, y, size, flipX, flipY, transpose }: Cut): Image {
  const cut = ndarray(data, [height, width, CHANNELS])
    .lo(y, x)
    .hi(size, size)
    .step(flipY ? -1 : 1, flipX ? -1 : 1);
  const view = transpose ? cut.transpose(1, 0, 2) : cut;
  const pixels = new Uint8Array(size * size * CHANNELS);
  let i = 0;
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++)
      for (let c = 0; c < CHANNELS; c++) pixels[i++] = view.get(row, column, c);
  return { width: size, height: size, data: pixels };
}

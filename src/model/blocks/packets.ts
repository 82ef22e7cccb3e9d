import { haar, haarInverse, permute, reshape, type Tensor } from '../../tensor/index.js';

/** Image pixels along one side of a pixel of the packets. */
const SIDE = 4;

/**
 * Frames as channels at a quarter of their size: x [n, c, 4h, 4w] → [n, 16c, h, w]. By two levels of wavelets, all
 * bands split again, or without them (`dwt` false), the pixels of each 4 × 4 block as they are.
 */
export function toPackets(x: Tensor, dwt: boolean): Tensor {
  if (dwt) return haar(haar(x));
  const [n, c, height, width] = x.shape;
  const [h, w] = [height / SIDE, width / SIDE];
  const cut = reshape(x, [n, c, h, SIDE, w, SIDE]);
  return reshape(permute(cut, [0, 1, 3, 5, 2, 4]), [n, SIDE * SIDE * c, h, w]);
}

/** The inverse of `toPackets`, which is its transpose. */
export function fromPackets(u: Tensor, dwt: boolean): Tensor {
  if (dwt) return haarInverse(haarInverse(u));
  const [n, channels, h, w] = u.shape;
  const cut = reshape(u, [n, channels / SIDE ** 2, SIDE, SIDE, h, w]);
  return reshape(permute(cut, [0, 1, 4, 2, 5, 3]), [n, channels / SIDE ** 2, SIDE * h, SIDE * w]);
}

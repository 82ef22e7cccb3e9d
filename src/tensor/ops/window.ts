import { dims, ShapeError } from '../../kernels/shape.js';
import type { Tensor } from '../tensor.js';
import { permute, reshape } from './movement.js';

/**
 * x [b·f, c, h, w] cut into size × size windows, each through f frames: [b, h/size, w/size, c, f·size²]. Pixels of
 * a window are row-major, frame after frame.
 *
 * @param frames f; 1 if left out
 */
export function windowPartition(x: Tensor, size: number, frames = 1): Tensor {
  const { n, c, h, w } = dims('windowPartition: x', x.shape, 'n c h w');
  if (h % size !== 0 || w % size !== 0 || n % frames !== 0)
    throw new ShapeError(
      'windowPartition',
      `n in multiples of ${frames}, h and w in multiples of ${size}`,
      x.shape,
    );
  const [b, rows, columns] = [n / frames, h / size, w / size];
  const cut = reshape(x, [b, frames, c, rows, size, columns, size]);
  return reshape(permute(cut, [0, 3, 5, 2, 1, 4, 6]), [b, rows, columns, c, frames * size * size]);
}

/** The inverse of windowPartition: windows [b, rows, columns, c, f·size²] → [b·f, c, rows·size, columns·size]. */
export function windowReverse(windows: Tensor, size: number, frames = 1): Tensor {
  const { b, rows, columns, c } = dims('windowReverse', windows.shape, 'b rows columns c p', {
    p: frames * size * size,
  });
  const cut = reshape(windows, [b, rows, columns, c, frames, size, size]);
  return reshape(permute(cut, [0, 4, 3, 1, 5, 2, 6]), [b * frames, c, rows * size, columns * size]);
}

import { dims, ShapeError } from '../../kernels/shape.js';
import type { Tensor } from '../tensor.js';
import { permute, reshape } from './movement.js';

/** x [n, c, h, w] cut into size × size windows: [n, h/size, w/size, c, size²], pixels of a window row-major. */
export function windowPartition(x: Tensor, size: number): Tensor {
  const { n, c, h, w } = dims('windowPartition: x', x.shape, 'n c h w');
  if (h % size !== 0 || w % size !== 0)
    throw new ShapeError('windowPartition', `h and w in multiples of ${size}`, x.shape);
  const cut = reshape(x, [n, c, h / size, size, w / size, size]);
  return reshape(permute(cut, [0, 2, 4, 1, 3, 5]), [n, h / size, w / size, c, size * size]);
}

/** The inverse of windowPartition: windows [n, rows, columns, c, size²] → [n, c, rows·size, columns·size]. */
export function windowReverse(windows: Tensor, size: number): Tensor {
  const { n, rows, columns, c } = dims('windowReverse', windows.shape, 'n rows columns c p', {
    p: size * size,
  });
  const cut = reshape(windows, [n, rows, columns, c, size, size]);
  return reshape(permute(cut, [0, 3, 1, 4, 2, 5]), [n, c, rows * size, columns * size]);
}

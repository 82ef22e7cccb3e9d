import { dctTable, transposed } from '../../kernels/axisTable.js';
import { memo } from '../memo.js';
import type { Tensor } from '../tensor.js';
import { axisMap } from './axisMap.js';

const table = memo(dctTable);

/**
 * The orthonormal DCT-II of each p × p block of the last two axes, x [.., h, w]: coefficient (k, l) of a block
 * stands where its pixel (k, l) stood. ∂/∂x: the inverse transform of g.
 *
 * @throws ShapeError unless h and w are multiples of p
 */
export function blockDct(x: Tensor, p: number): Tensor {
  const [rows, columns] = [x.shape.length - 2, x.shape.length - 1];
  return axisMap(axisMap(x, rows, table(p)), columns, table(p));
}

/** The inverse of `blockDct`, which is its transpose. @throws ShapeError as `blockDct` does */
export function blockDctInverse(u: Tensor, p: number): Tensor {
  const [rows, columns] = [u.shape.length - 2, u.shape.length - 1];
  return axisMap(axisMap(u, rows, transposed(table(p))), columns, transposed(table(p)));
}

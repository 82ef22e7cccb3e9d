import { transposed, type AxisTable } from '../../kernels/axisTable.js';
import { blockDct as kernel, dctMatrix } from '../../kernels/blockDct.js';
import { memo } from '../memo.js';
import { op, run } from '../op.js';
import type { Tensor } from '../tensor.js';
import { axisMap } from './axisMap.js';

/** Larger blocks do not fit registers: they are transformed along one axis, and then along the other. */
const MOST_IN_ONE_PASS = 8;

const transform =
  (inverse: boolean) =>
  (x: Tensor, p: number): Tensor => {
    if (p > MOST_IN_ONE_PASS) return byAxes(x, inverse ? transposed(table(p)) : table(p));
    return op(kernel, [x], { p, inverse }, (g) => [run(kernel, [g], { p, inverse: !inverse })]);
  };

const table = memo((p: number): AxisTable => ({
  rows: p,
  length: p,
  taps: p,
  indices: Int32Array.from({ length: p * p }, (_, i) => i % p),
  weights: dctMatrix(p),
}));

function byAxes(x: Tensor, matrix: AxisTable): Tensor {
  const [rows, columns] = [x.shape.length - 2, x.shape.length - 1];
  return axisMap(axisMap(x, rows, matrix), columns, matrix);
}

/**
 * The orthonormal DCT-II of each p × p block of the last two axes, x [.., h, w]: coefficient (k, l) of a block
 * stands where its pixel (k, l) stood. ∂/∂x: the inverse transform of g.
 *
 * @throws ShapeError unless h and w are multiples of p
 */
export const blockDct = transform(false);

/** The inverse of `blockDct`, which is its transpose. ∂/∂u: the transform of g. @throws ShapeError as `blockDct` does */
export const blockDctInverse = transform(true);

import { blockDct as kernel } from '../../kernels/blockDct.js';
import { op, run } from '../op.js';
import type { Tensor } from '../tensor.js';

const transform =
  (inverse: boolean) =>
  (x: Tensor, p: number): Tensor =>
    op(kernel, [x], { p, inverse }, (g) => [run(kernel, [g], { p, inverse: !inverse })]);

/**
 * The orthonormal DCT-II of each p × p block of the last two axes, x [.., h, w]: coefficient (k, l) of a block
 * stands where its pixel (k, l) stood. ∂/∂x: the inverse transform of g.
 *
 * @throws ShapeError unless h and w are multiples of p
 */
export const blockDct = transform(false);

/** The inverse of `blockDct`, which is its transpose. ∂/∂u: the transform of g. @throws ShapeError as `blockDct` does */
export const blockDctInverse = transform(true);

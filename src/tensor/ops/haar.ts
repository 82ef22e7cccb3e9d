import { haarForward, haarInverse as inverse } from '../../kernels/haar.js';
import { op, run } from '../op.js';
import type { Tensor } from '../tensor.js';

/** Orthonormal Haar wavelets: x [n, c, 2h, 2w] → [n, 4c, h, w], bands LL, LH, HL, HH. ∂/∂x: the inverse of g. */
export const haar = (x: Tensor): Tensor =>
  op(haarForward, [x], undefined, (g) => [run(inverse, [g], undefined)]);

/** The inverse of `haar`, which is its transpose. ∂/∂y: the transform of g. */
export const haarInverse = (y: Tensor): Tensor =>
  op(inverse, [y], undefined, (g) => [run(haarForward, [g], undefined)]);

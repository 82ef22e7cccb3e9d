import { haarForward, haarInverse as inverse } from '../../kernels/haar.js';
import { op, run } from '../op.js';
import type { Tensor } from '../tensor.js';

/**
 * Orthonormal Haar wavelets: x [n, c, 2h, 2w] → [n, 4c, h, w], bands LL, LH, HL, HH. ∂/∂x: the inverse of g. For each
 * block [[a, b], [c, d]] of 2 × 2 pixels:
 *
 *   LL = (a + b + c + d)/2,   LH = (a − b + c − d)/2,   HL = (a + b − c − d)/2,   HH = (a − b − c + d)/2
 *
 * The Pixel Condenser splits every band a second time (docs/deviations.md, I8).
 *
 * @eq SeeClear (7)
 */
export const haar = (x: Tensor): Tensor =>
  op(haarForward, [x], undefined, (g) => [run(inverse, [g], undefined)]);

/** The inverse of `haar`, which is its transpose. ∂/∂y: the transform of g. */
export const haarInverse = (y: Tensor): Tensor =>
  op(inverse, [y], undefined, (g) => [run(haarForward, [g], undefined)]);

import { clampBackward, clampForward } from '../../kernels/clamp.js';
import { op, run } from '../op.js';
import type { Tensor } from '../tensor.js';

/** min(max(x, low), high). ∂/∂x: g where low ≤ x ≤ high, else 0. */
export const clamp = (x: Tensor, low: number, high: number): Tensor =>
  op(clampForward, [x], { low, high }, (g) => [run(clampBackward, [x, g], { low, high })]);

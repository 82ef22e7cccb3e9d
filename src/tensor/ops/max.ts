import { reduceMax, reduceMaxBackward } from '../../kernels/max.js';
import { op, run } from '../op.js';
import type { Tensor } from '../tensor.js';

/** Maximum over the last axis: x [.., c] → [..]. ∂/∂x: g, to the first greatest element of each row. */
export const maxLast = (x: Tensor): Tensor =>
  op(reduceMax, [x], undefined, (g) => [run(reduceMaxBackward, [x, g], undefined)]);

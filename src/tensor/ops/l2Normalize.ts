import { l2NormalizeBackward, l2NormalizeForward } from '../../kernels/l2Normalize.js';
import { op, run } from '../op.js';
import type { Tensor } from '../tensor.js';

/** x / max(‖x‖₂, 10⁻¹²) over the last axis. ∂/∂x: (g − y Σ_k g_k y_k) / ‖x‖₂. */
export const l2Normalize = (x: Tensor): Tensor =>
  op(l2NormalizeForward, [x], undefined, (g) => [run(l2NormalizeBackward, [x, g], undefined)]);

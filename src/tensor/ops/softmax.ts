import { softmaxBackward, softmaxForward } from '../../kernels/softmax.js';
import { op, run } from '../op.js';
import type { Tensor } from '../tensor.js';

/** Softmax over the last axis: exp(x_c) / Σ_k exp(x_k). ∂/∂x: y (g − Σ_k g_k y_k). */
export const softmax = (x: Tensor): Tensor =>
  op(softmaxForward, [x], undefined, (g, y) => [run(softmaxBackward, [y, g], undefined)]);

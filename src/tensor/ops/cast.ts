import { cast as kernel } from '../../kernels/cast.js';
import type { ElementType } from '../../kernels/index.js';
import { op, run } from '../op.js';
import type { Tensor } from '../tensor.js';

/** x, stored as `type`; x itself if it is that already. Its gradient is stored as x is. */
export const cast = (x: Tensor, type: ElementType): Tensor =>
  x.type === type ? x : op(kernel, [x], { type }, (g) => [run(kernel, [g], { type: x.type })]);

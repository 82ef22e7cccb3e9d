import { concat as kernel } from '../../kernels/concat.js';
import { op } from '../op.js';
import { detach, type Tensor } from '../tensor.js';
import { slice } from './movement.js';

/** Tensors end to end along `axis`. ∂/∂xᵢ: the part of g that xᵢ fills. @throws ShapeError */
export const concat = (axis: number, first: Tensor, ...rest: readonly Tensor[]): Tensor =>
  rest.reduce((a, b) => joined(axis, a, b), first);

const joined = (axis: number, a: Tensor, b: Tensor): Tensor =>
  op(kernel, [a, b], { axis }, (g, _, [wa, wb]) => {
    const [na, n] = [a.shape[axis], g.shape[axis]];
    return [wa ? slice(detach(g), axis, 0, na) : undefined, wb ? slice(detach(g), axis, na, n) : undefined];
  });

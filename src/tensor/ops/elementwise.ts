import { unaryBackward, unaryForward, type UnaryName } from '../../kernels/elementwise.js';
import { op, run } from '../op.js';
import type { Tensor } from '../tensor.js';

const unaryOp =
  (name: UnaryName) =>
  (x: Tensor): Tensor =>
    op(unaryForward[name], [x], undefined, (g, y) => [run(unaryBackward[name], [x, y, g], undefined)]);

export const exp = unaryOp('exp');
export const log = unaryOp('log');
export const sqrt = unaryOp('sqrt');
export const square = unaryOp('square');
export const reciprocal = unaryOp('reciprocal');
export const abs = unaryOp('abs');
export const relu = unaryOp('relu');
export const sigmoid = unaryOp('sigmoid');
/** silu(x) = x σ(x), also called swish. */
export const silu = unaryOp('silu');
/** gelu in its tanh form: x σ(2√(2/π)(x + 0.044715 x³)). */
export const gelu = unaryOp('gelu');
/** softplus(x) = log(1 + eˣ), a smooth relu; −softplus(−x) = log σ(x). */
export const softplus = unaryOp('softplus');

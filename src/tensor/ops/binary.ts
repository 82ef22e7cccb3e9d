import { binary } from '../../kernels/binary.js';
import { op, run } from '../op.js';
import type { Tensor } from '../tensor.js';
import { lincombOf } from './lincomb.js';
import { sumTo } from './reduce.js';

/** a + b, broadcasting. ∂/∂a: g, ∂/∂b: g, each summed over the axes along which it was stretched. */
export const add = (a: Tensor, b: Tensor): Tensor =>
  op(binary.add, [a, b], undefined, (g, _, [wa, wb]) => [
    wa ? sumTo(g, a.shape) : undefined,
    wb ? sumTo(g, b.shape) : undefined,
  ]);

/** a − b, broadcasting. ∂/∂a: g, ∂/∂b: −g. */
export const sub = (a: Tensor, b: Tensor): Tensor =>
  op(binary.sub, [a, b], undefined, (g, _, [wa, wb]) => [
    wa ? sumTo(g, a.shape) : undefined,
    wb ? lincombOf([-1, sumTo(g, b.shape)]) : undefined,
  ]);

/** a b, broadcasting. ∂/∂a: g b, ∂/∂b: g a. */
export const mul = (a: Tensor, b: Tensor): Tensor =>
  op(binary.mul, [a, b], undefined, (g, _, [wa, wb]) => [
    wa ? sumTo(run(binary.mul, [g, b], undefined), a.shape) : undefined,
    wb ? sumTo(run(binary.mul, [g, a], undefined), b.shape) : undefined,
  ]);

/** a / b, broadcasting. ∂/∂a: g / b, ∂/∂b: −g y / b. */
export const div = (a: Tensor, b: Tensor): Tensor =>
  op(binary.div, [a, b], undefined, (g, y, [wa, wb]) => {
    const q = run(binary.div, [g, b], undefined);
    return [
      wa ? sumTo(q, a.shape) : undefined,
      wb ? lincombOf([-1, sumTo(run(binary.mul, [q, y], undefined), b.shape)]) : undefined,
    ];
  });

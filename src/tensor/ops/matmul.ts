import { matmul as kernel, type MatmulParams } from '../../kernels/matmul.js';
import { op, run } from '../op.js';
import type { Tensor } from '../tensor.js';
import { sumTo } from './reduce.js';

/**
 * Y = op(A) op(B), with op(X) = X, or Xᵀ if `ta` (`tb`), over the last two axes; leading axes are batches. A
 * factor without batch axes serves all batches.
 *
 *   ∂L/∂op(A) = G op(B)ᵀ,   ∂L/∂op(B) = op(A)ᵀ G,   summed over the batches for a shared factor, and f32 then
 */
export function matmul(
  a: Tensor,
  b: Tensor,
  { ta = false, tb = false }: Partial<Omit<MatmulParams, 'type'>> = {},
): Tensor {
  return op(kernel, [a, b], { ta, tb }, (g, _, [wa, wb]) => {
    const product = (of: Tensor, x: Tensor, y: Tensor, tx: boolean, ty: boolean): Tensor => {
      const shared = of.shape.length < g.shape.length;
      return sumTo(run(kernel, [x, y], { ta: tx, tb: ty, ...(shared && { type: 'f32' }) }), of.shape);
    };
    return [
      wa ? (ta ? product(a, b, g, tb, true) : product(a, g, b, false, !tb)) : undefined,
      wb ? (tb ? product(b, g, a, true, ta) : product(b, a, g, !ta, false)) : undefined,
    ];
  });
}

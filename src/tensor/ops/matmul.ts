import { matmul as kernel, type MatmulParams } from '../../kernels/matmul.js';
import { op, run } from '../op.js';
import type { Tensor } from '../tensor.js';
import { sumTo } from './reduce.js';

/**
 * Y = op(A) op(B), with op(X) = X, or Xᵀ if `ta` (`tb`), over the last two axes; leading axes are batches. A
 * factor without batch axes serves all batches.
 *
 *   ∂L/∂op(A) = G op(B)ᵀ,   ∂L/∂op(B) = op(A)ᵀ G,   summed over the batches for a shared factor
 */
export function matmul(a: Tensor, b: Tensor, { ta = false, tb = false }: Partial<MatmulParams> = {}): Tensor {
  return op(kernel, [a, b], { ta, tb }, (g, _, [wa, wb]) => [
    wa ? sumTo(ta ? product(b, g, tb, true) : product(g, b, false, !tb), a.shape) : undefined,
    wb ? sumTo(tb ? product(g, a, true, ta) : product(a, g, !ta, false), b.shape) : undefined,
  ]);
}

const product = (a: Tensor, b: Tensor, ta: boolean, tb: boolean): Tensor => run(kernel, [a, b], { ta, tb });

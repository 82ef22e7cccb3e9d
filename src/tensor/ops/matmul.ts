import { matmul as kernel, type MatmulParams } from '../../kernels/matmul.js';
import { op, run } from '../op.js';
import { Tensor } from '../tensor.js';
import { sumTo } from './reduce.js';

type Transposed = Partial<Pick<MatmulParams, 'ta' | 'tb'>>;

/**
 * Y = op(A) op(B), with op(X) = X, or Xᵀ if `ta` (`tb`), over the last two axes; leading axes are batches. A
 * factor without batch axes serves all batches.
 *
 *   ∂L/∂op(A) = G op(B)ᵀ,   ∂L/∂op(B) = op(A)ᵀ G,   summed over the batches for a shared factor, and f32 then
 */
export function matmul(a: Tensor, b: Tensor, { ta = false, tb = false }: Transposed = {}): Tensor {
  return op(kernel, [a, b], { ta, tb }, (g, _, [wa, wb]) => [
    wa ? gradA(a, b, g, ta, tb) : undefined,
    wb ? gradB(a, b, g, ta, tb) : undefined,
  ]);
}

/**
 * Y = op(A) op(B) + β, which has a number for each row of Y, [m], or for each column, [n].
 *
 *   ∂L/∂β = Σ G over all other axes;   the factors as in `matmul`
 */
export function matmulBias(
  a: Tensor,
  b: Tensor,
  bias: Tensor,
  along: 'row' | 'column',
  { ta = false, tb = false }: Transposed = {},
): Tensor {
  return op(kernel, [a, b, bias], { ta, tb, bias: along }, (g, _, [wa, wb, wBias]) => [
    wa ? gradA(a, b, g, ta, tb) : undefined,
    wb ? gradB(a, b, g, ta, tb) : undefined,
    wBias ? viewed(sumTo(g, along === 'row' ? [...bias.shape, 1] : bias.shape), bias.shape) : undefined,
  ]);
}

const gradA = (a: Tensor, b: Tensor, g: Tensor, ta: boolean, tb: boolean): Tensor =>
  ta ? product(a, b, g, tb, true) : product(a, g, b, false, !tb);

const gradB = (a: Tensor, b: Tensor, g: Tensor, ta: boolean, tb: boolean): Tensor =>
  tb ? product(b, g, a, true, ta) : product(b, a, g, !ta, false);

/** The gradient by the factor `of`: op(x) op(y), summed over the batches that it served. */
function product(of: Tensor, x: Tensor, y: Tensor, tx: boolean, ty: boolean): Tensor {
  const shared = of.shape.length < Math.max(x.shape.length, y.shape.length);
  return sumTo(run(kernel, [x, y], { ta: tx, tb: ty, ...(shared && { type: 'f32' }) }), of.shape);
}

const viewed = (x: Tensor, shape: Tensor['shape']): Tensor => new Tensor(x.backend, shape, x.storage);

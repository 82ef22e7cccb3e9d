import { matmul as kernel, type MatmulParams } from '../../kernels/matmul.js';
import { record, run } from '../op.js';
import { viewed, type Tensor } from '../tensor.js';
import { transposed } from './movement.js';
import { sumTo } from './reduce.js';

type Transposed = Partial<Pick<MatmulParams, 'ta' | 'tb'>>;

/**
 * Y = op(A) op(B), with op(X) = X, or Xᵀ if `ta` (`tb`), over the last two axes; leading axes are batches. A
 * factor without batch axes serves all batches.
 *
 *   ∂L/∂op(A) = G op(B)ᵀ,   ∂L/∂op(B) = op(A)ᵀ G,   summed over the batches for a shared factor, and f32 then
 */
export const matmul = (a: Tensor, b: Tensor, { ta = false, tb = false }: Transposed = {}): Tensor =>
  record('matmul', [a, b], product([a, b], { ta, tb }), (g, _, [wa, wb]) => [
    wa ? gradA(a, b, g, ta, tb) : undefined,
    wb ? gradB(a, b, g, ta, tb) : undefined,
  ]);

/**
 * Y = op(A) op(B) + β, which has a number for each row of Y, [m], or for each column, [n].
 *
 *   ∂L/∂β = Σ G over all other axes;   the factors as in `matmul`
 */
export const matmulBias = (
  a: Tensor,
  b: Tensor,
  bias: Tensor,
  along: 'row' | 'column',
  { ta = false, tb = false }: Transposed = {},
): Tensor =>
  record(
    'matmulBias',
    [a, b, bias],
    product([a, b, bias], { ta, tb, bias: along }),
    (g, _, [wa, wb, wBias]) => [
      wa ? gradA(a, b, g, ta, tb) : undefined,
      wb ? gradB(a, b, g, ta, tb) : undefined,
      wBias ? viewed(sumTo(g, along === 'row' ? [...bias.shape, 1] : bias.shape), bias.shape) : undefined,
    ],
  );

const gradA = (a: Tensor, b: Tensor, g: Tensor, ta: boolean, tb: boolean): Tensor =>
  ta ? gradient(a, b, g, tb, true) : gradient(a, g, b, false, !tb);

const gradB = (a: Tensor, b: Tensor, g: Tensor, ta: boolean, tb: boolean): Tensor =>
  tb ? gradient(b, g, a, true, ta) : gradient(b, a, g, !ta, false);

/** By the factor `of`: op(x) op(y), summed over the batches that it served. */
function gradient(of: Tensor, x: Tensor, y: Tensor, tx: boolean, ty: boolean): Tensor {
  const shared = of.shape.length < Math.max(x.shape.length, y.shape.length);
  return sumTo(product([x, y], { ta: tx, tb: ty, ...(shared && { type: 'f32' }) }), of.shape);
}

/** From so many rows and columns on it takes longer to read a transposed factor than to lay it out anew (on lavapipe). */
const MANY_ROWS = 256;
const MANY_COLUMNS = 128;

/** op(A) op(B), and a bias if there is one, without a record. */
function product([a, b, ...bias]: readonly Tensor[], params: MatmulParams): Tensor {
  const [m, n] = kernel.outShape([a.shape, b.shape], { ta: params.ta, tb: params.tb }).slice(-2);
  return params.tb && m >= MANY_ROWS && n >= MANY_COLUMNS && n % 4 === 0
    ? run(kernel, [a, transposed(b), ...bias], { ...params, tb: false })
    : run(kernel, [a, b, ...bias], params);
}

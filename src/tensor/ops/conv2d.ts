import { conv2dForward, conv2dInputGrad, conv2dWeightGrad, type Conv2dParams } from '../../kernels/conv2d.js';
import { op, run } from '../op.js';
import { Tensor, viewed } from '../tensor.js';
import { matmul, matmulBias } from './matmul.js';
import { reshape } from './movement.js';
import { sumTo } from './reduce.js';

/**
 * Convolution with zero padding (formula in kernels/conv2d.ts):
 * x [n, ci, h, w], w [co, ci/groups, kh, kw], b [co] → [n, co, ho, wo], ho = ⌊(h + 2·padding − kh)/stride⌋ + 1.
 *
 * ∂/∂x, ∂/∂w: the adjoints of the sum; ∂/∂b: g summed over items and pixels. A 1 × 1 kernel is a matrix product.
 */
export function conv2d(
  x: Tensor,
  w: Tensor,
  b: Tensor | undefined,
  options: Partial<Conv2dParams> = {},
): Tensor {
  const params = { stride: 1, padding: 0, groups: 1, ...options };
  const [co, , kh, kw] = w.shape;
  if (kh === 1 && kw === 1 && params.stride === 1 && params.padding === 0 && params.groups === 1)
    return pointwise(x, w, b);
  const bias = b ?? zeros(x, co);
  return op(conv2dForward, [x, w, bias], params, (g, _, [wx, ww, wb]) => [
    wx ? run(conv2dInputGrad, [g, w], { ...params, height: x.shape[2], width: x.shape[3] }) : undefined,
    ww
      ? sumTo(run(conv2dWeightGrad, [g, x], { ...params, kernelHeight: kh, kernelWidth: kw }), w.shape)
      : undefined,
    wb ? viewed(sumTo(g, [co, 1, 1]), [co]) : undefined,
  ]);
}

/** y[n] = W x[n] + b with pixels as columns. */
function pointwise(x: Tensor, w: Tensor, b: Tensor | undefined): Tensor {
  const [n, ci, h, width] = x.shape;
  const co = w.shape[0];
  const factors = [reshape(w, [co, ci]), reshape(x, [n, ci, h * width])] as const;
  return reshape(b ? matmulBias(...factors, b, 'row') : matmul(...factors), [n, co, h, width]);
}

const zeroBiases = new Map<number, object>();

/** A bias of zeros, one per size and backend. */
function zeros({ backend }: Tensor, size: number): Tensor {
  let key = zeroBiases.get(size);
  if (!key) zeroBiases.set(size, (key = {}));
  return new Tensor(
    backend,
    [size],
    backend.constant(key, () => new Float64Array(size)),
  );
}

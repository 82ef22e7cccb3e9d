import { chunkOf } from '../../kernels/lanes.js';
import { moments, momentsMerge } from '../../kernels/moments.js';
import {
  normalize,
  normalizeBackward,
  normalizeSiluBackward,
  normalizeSums,
  type NormalizeForwardParams,
} from '../../kernels/normalize.js';
import { normalizeGammaGrad } from '../../kernels/normalizeGammaGrad.js';
import { reduceSum } from '../../kernels/reduce.js';
import { dims, ShapeError, sizeOf, type Shape } from '../../kernels/shape.js';
import { record, run } from '../op.js';
import { viewed, type Tensor } from '../tensor.js';
import { sumTo } from './reduce.js';

/**
 * Layer norm over one axis: x̂ γ + β with x̂ = (x − mean)/√(variance + eps), γ and β [size of the axis].
 * ∂/∂x, ∂/∂γ, ∂/∂β: see kernels/normalize.ts.
 *
 * @throws ShapeError
 */
export function layerNorm(x: Tensor, gamma: Tensor, beta: Tensor, axis: number, eps = 1e-5): Tensor {
  if (!(axis in x.shape)) throw new ShapeError('layerNorm', `an axis ${axis}`, x.shape);
  const c = x.shape[axis];
  dims('layerNorm: gamma', gamma.shape, 'c', { c });
  const inner = sizeOf(x.shape.slice(axis + 1));
  return normalized('layerNorm', x, gamma, beta, [x.storage.size / (c * inner), c, inner], {
    span: inner,
    eps,
  });
}

/**
 * Group norm of x [n, c, h, w]: mean and variance over the pixels of c/groups channels, γ and β [c].
 * ∂/∂x, ∂/∂γ, ∂/∂β: see kernels/normalize.ts.
 *
 * @throws ShapeError unless `groups` divides c
 */
export const groupNorm = (x: Tensor, gamma: Tensor, beta: Tensor, groups: number, eps = 1e-5): Tensor =>
  grouped('groupNorm', x, gamma, beta, groups, { eps });

/** silu of `groupNorm`, in one pass, which keeps nothing but x for the gradient. */
export const groupNormSilu = (x: Tensor, gamma: Tensor, beta: Tensor, groups: number, eps = 1e-5): Tensor =>
  grouped('groupNormSilu', x, gamma, beta, groups, { eps, then: 'silu' });

function grouped(
  name: string,
  x: Tensor,
  gamma: Tensor,
  beta: Tensor,
  groups: number,
  options: Omit<NormalizeForwardParams, 'span'>,
): Tensor {
  const { n, c, h, w } = dims(`${name}: x`, x.shape, 'n c h w');
  if (c % groups !== 0) throw new ShapeError(name, `c in ${groups} groups`, x.shape);
  dims(`${name}: gamma`, gamma.shape, 'c', { c });
  const view = [n * groups, (c / groups) * h * w, 1];
  return normalized(name, x, gamma, beta, view, { ...options, span: h * w });
}

/** @param view [outer, len, inner] of x, whose middle axis is normalised over */
function normalized(
  name: string,
  x: Tensor,
  gamma: Tensor,
  beta: Tensor,
  view: Shape,
  { span, eps, then }: NormalizeForwardParams,
): Tensor {
  const xv = viewed(x, view);
  const params = { span, eps };
  const stats = momentsOf(xv);
  const y = viewed(run(normalize, [xv, stats, gamma, beta], { ...params, ...(then && { then }) }), x.shape);
  return record(name, [x, gamma, beta], y, (g, _, [wx, wGamma, wBeta]) => {
    const gy = viewed(g, view);
    const gv = then ? run(normalizeSiluBackward, [xv, stats, gamma, beta, gy], params) : gy;
    const [channels] = gamma.shape;
    const items = x.storage.size / (span * channels);
    return [
      wx ? viewed(inputGrad(xv, stats, gamma, gv, params), x.shape) : undefined,
      wGamma ? gammaGrad(xv, stats, gv, { ...params, channels }) : undefined,
      wBeta ? viewed(sumTo(viewed(gv, [items, channels, span]), [channels, 1]), gamma.shape) : undefined,
    ];
  });
}

function momentsOf(x: Tensor): Tensor {
  const chunk = chunkOf(x.shape);
  const pairs = run(moments, [x], { chunk });
  return pairs.shape[1] === 1 ? pairs : run(momentsMerge, [pairs], { chunk, len: x.shape[1] });
}

function inputGrad(
  x: Tensor,
  stats: Tensor,
  gamma: Tensor,
  g: Tensor,
  params: { span: number; eps: number },
): Tensor {
  const partial = run(normalizeSums, [x, stats, gamma, g], { ...params, chunk: chunkOf(x.shape) });
  const [outer, chunks, , inner] = partial.shape;
  const sums =
    chunks === 1
      ? partial
      : run(reduceSum, [viewed(partial, [1, outer, chunks, 2 * inner])], { chunk: chunks });
  return run(normalizeBackward, [x, stats, gamma, g, viewed(sums, stats.shape)], params);
}

/** [channels] */
function gammaGrad(
  x: Tensor,
  stats: Tensor,
  g: Tensor,
  params: { span: number; eps: number; channels: number },
): Tensor {
  const { span, channels } = params;
  const items = x.storage.size / (span * channels);
  const chunk = chunkOf(span > 1 ? [items * channels, span, 1] : [1, items, channels]);
  return sumTo(run(normalizeGammaGrad, [x, stats, g], { ...params, chunk }), [channels]);
}

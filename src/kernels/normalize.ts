/**
 * Normalisation over the middle axis of x [outer, len, inner], with a scale and a shift per channel: what group
 * norm and layer norm share. With the moments m and v of each (outer, inner), from moments.ts:
 *
 *   x̂ = (x − m) / √(v + eps)
 *   forward    y = x̂ γ_c + β_c,   or silu of it
 *   backward   gx = (g γ_c − A/len − x̂ B/len) / √(v + eps),   A = Σ_l g γ_c,   B = Σ_l g γ_c x̂
 *              ∂L/∂γ_c = Σ g x̂ and ∂L/∂β_c = Σ g over the elements of channel c
 *
 * With silu, g there stands for g silu′(x̂ γ_c + β_c), which is computed from x again: y without silu is never stored.
 *
 * Element e of x, counted row-major, belongs to channel ⌊e / span⌋ mod channels. Layer norm over an axis:
 * span = inner, channels = len. Group norm of [n, c, h, w]: outer = n·groups, inner = 1, span = h·w, channels = c.
 */
import { unary } from './elementwise.js';
import type { Kernel, Launch, Traits } from './kernel.js';
import { chunkOf, inLanes } from './lanes.js';
import {
  byRows,
  checked,
  elements,
  layout,
  rowsOf,
  variants,
  xhat,
  xhatTerms,
  type Element,
  type NormalizeParams,
  type Variant,
} from './normalizeLayout.js';
import { dims, type Shape } from './shape.js';
import { f32, fold, uniforms, wgsl, withInput } from './source.js';

export interface NormalizeSumsParams extends NormalizeParams {
  /** Terms per sum; a multiple of four, or all. */
  readonly chunk: number;
}

const WG = 64;

/**
 * A launch with one invocation per chunk of each column of x, or of several columns, which counts the steps to the next
 * channel: `run` from one to the next.
 *
 * @param sources for one column, two, and so on
 */
function walk(
  sources: readonly Record<Variant, string>[],
  x: Shape,
  channelCount: number,
  params: NormalizeParams,
  chunk: number,
  traits: Traits,
): Launch {
  const { variant, lanes, span, channels } = layout(x, channelCount, params.span);
  const [outer, len, inner] = inLanes(x, lanes);
  const step = lanes === 'along' ? Math.ceil(chunk / 4) : chunk;
  const chunks = Math.ceil(len / step);
  const layer = span === inner && channels === len;
  const rows = layer && traits.software ? rowsOf(sources.length, outer, chunks * inner) : 1;
  const count = (outer / rows) * chunks * inner;
  const run = Math.max(1, span / inner);
  return {
    wgsl: sources[rows - 1][variant],
    workgroups: fold(Math.ceil(count / WG)),
    constants: { WG },
    uniforms: uniforms(
      count,
      chunks,
      len,
      inner,
      step,
      span,
      run,
      channels,
      f32(params.eps),
      f32(1 / x[1]), // prettier-ignore
    ),
  };
}

/**
 * How much of a column an invocation takes that has no sum to keep. A driver on the CPU gains by reading moments and
 * finding channels once for many elements; a GPU by neighbouring invocations that write neighbours.
 */
const stretch = (x: Shape, { software }: Traits): number => (software ? chunkOf(x) : 1);

/** The text of the forward pass with another f: `finished`, of the value at element e. */
const finishedBy = (text: string, f: string): readonly Record<Variant, string>[] =>
  byRows(`fn finished(v: T, e: u32) -> T { ${f} }\n${text}`);

const text = wgsl(import.meta.url, './normalize.wgsl');
const forward = {
  none: finishedBy(text, 'return v;'),
  silu: finishedBy(text, 'return v / (1.0 + exp(-v));'),
};
const siluBackward = finishedBy(
  withInput(text, 4, 'g: array<T>'),
  'let s = 1.0 / (1.0 + exp(-v)); return g[e] * s * (1.0 + v * (1.0 - s));',
);

export interface NormalizeForwardParams extends NormalizeParams {
  /** What y is a function of; of nothing more if left out. */
  readonly then?: 'silu';
}

type Forward = (element: Element, gamma: number, beta: number, e: number) => number;

/** f of each element. */
function each(
  [x, stats, gamma, beta]: readonly Float64Array[],
  shape: Shape,
  params: NormalizeParams,
  f: Forward,
): Float64Array {
  const y = new Float64Array(x.length);
  elements([x, stats], shape, gamma.length, params, (e, element) => {
    y[e] = f(element, gamma[element.channel], beta[element.channel], e);
  });
  return y;
}

const scaled: Forward = (element, gamma, beta) => xhat(element) * gamma + beta;
const terms: Forward = (element, gamma, beta) => xhatTerms(element) * Math.abs(gamma) + Math.abs(beta);

function checkedForward(where: string, [x, stats, gamma, beta]: readonly Shape[]): Shape {
  const { channels } = dims(`${where}: gamma`, gamma, 'channels');
  dims(`${where}: beta`, beta, 'channels', { channels });
  return checked(where, x, stats);
}

/** Inputs x [outer, len, inner], moments [outer, 1, 2, inner], γ [channels], β [channels]. */
export const normalize: Kernel<NormalizeForwardParams> = {
  name: 'normalize',
  outShape: (shapes) => checkedForward('normalize', shapes),
  launch: ([x, , [channels]], params, traits) =>
    walk(forward[params.then ?? 'none'], x, channels, params, stretch(x, traits), traits),
  reference: (inputs, [shape], params) =>
    each(inputs, shape, params, (...args) => (params.then ? unary.silu.f(scaled(...args)) : scaled(...args))),
  // x − m; eps and v + eps, halved by the root; the root, 2 ulp; three more. silu passes on 1.1 of that.
  roundings: (_, { then }) => (then ? 11 + unary.silu.roundings : 10),
  errorScale: (inputs, [shape], params) => each(inputs, shape, params, terms),
};

/** g silu′(x̂ γ + β). Inputs as of `normalize`, and g of x's shape. */
export const normalizeSiluBackward: Kernel<NormalizeParams> = {
  name: 'normalizeSiluBackward',
  outShape: (shapes) => checkedForward('normalizeSiluBackward', shapes),
  launch: ([x, , [channels]], params, traits) =>
    walk(siluBackward, x, channels, params, stretch(x, traits), traits),
  reference: (inputs, [shape], params) =>
    each(inputs, shape, params, (element, gamma, beta, e) => {
      const v = scaled(element, gamma, beta, e);
      return inputs[4][e] * unary.silu.df(v, unary.silu.f(v));
    }),
  // |silu″| ≤ 1/2, so half of what `normalize` errs by; then as siluBackward.
  roundings: () => 5 + unary.silu.roundings,
  errorScale: (inputs, [shape], params) =>
    each(inputs, shape, params, (...args) => Math.abs(inputs[4][args[3]]) * (terms(...args) + 2)),
};

const sums = [variants('./normalizeSums.wgsl')];

type Terms = (element: Element, g: number) => readonly [number, number];
const sumsWith =
  (f: Terms): Kernel<NormalizeSumsParams>['reference'] =>
  ([x, stats, gamma, g], [shape], params) => {
    const [outer, len, inner] = shape;
    const chunks = Math.ceil(len / params.chunk);
    const y = new Float64Array(outer * chunks * 2 * inner);
    elements([x, stats], shape, gamma.length, params, (e, element) => {
      const [o, i] = [Math.floor(element.column / inner), element.column % inner];
      const to = (o * chunks + Math.floor(element.l / params.chunk)) * 2 * inner + i;
      const [a, b] = f(element, g[e] * gamma[element.channel]);
      y[to] += a;
      y[to + inner] += b;
    });
    return y;
  };

/** A and B in chunks, [outer, chunks, 2, inner]. Inputs x, moments, γ, g of x's shape. */
export const normalizeSums: Kernel<NormalizeSumsParams> = {
  name: 'normalizeSums',
  resultType: () => 'f32',
  outShape([x, stats], { chunk }) {
    const [outer, len, inner] = checked('normalizeSums', x, stats);
    return [outer, Math.ceil(len / chunk), 2, inner];
  },
  launch: ([x, , [channels]], params, traits) => walk(sums, x, channels, params, params.chunk, traits),
  reference: sumsWith((element, g) => [g, g * xhat(element)]),
  // g γ, x − m and their product, the additions; then the root as in `normalize`, and a product.
  roundings: ([[, len]], { chunk }) => Math.min(len, chunk) + 10,
  errorScale: sumsWith((element, g) => [Math.abs(g), Math.abs(g) * xhatTerms(element)]),
};

const backward = [variants('./normalizeBackward.wgsl')];

type Backward = (element: Element, g: number, a: number, b: number) => number;
const backwardWith =
  (f: Backward): Kernel<NormalizeParams>['reference'] =>
  ([x, stats, gamma, g, ab], [shape], params) => {
    const [, len, inner] = shape;
    const gx = new Float64Array(x.length);
    elements([x, stats], shape, gamma.length, params, (e, element) => {
      const at = Math.floor(element.column / inner) * 2 * inner + (element.column % inner);
      gx[e] = f(element, g[e] * gamma[element.channel], ab[at] / len, ab[at + inner] / len);
    });
    return gx;
  };

/** gx. Inputs x, moments, γ, g of x's shape, and A and B as [outer, 1, 2, inner]. */
export const normalizeBackward: Kernel<NormalizeParams> = {
  name: 'normalizeBackward',
  outShape: ([x, stats]) => checked('normalizeBackward', x, stats),
  launch: ([x, , [channels]], params, traits) =>
    walk(backward, x, channels, params, stretch(x, traits), traits),
  reference: backwardWith((element, g, a, b) => (g - a - xhat(element) * b) * element.rstd),
  // As x̂ of `normalize`; 1/len and B/len, a product, two subtractions, the root once more and its product.
  roundings: () => 20,
  errorScale: backwardWith(
    (element, g, a, b) => (Math.abs(g) + Math.abs(a) + xhatTerms(element) * Math.abs(b)) * element.rstd,
  ),
};

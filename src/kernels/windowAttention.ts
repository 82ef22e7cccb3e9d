/**
 * Attention between the pixels of a window, without a tensor of scores. For a head of d channels, with queries q,
 * keys k and values v of the window's pixels, B the bias of the head and M the mask of rolled frames (0 or −100):
 *
 *   s_ij = q_i · k_j / √d + B_ij + M_ij,   L_i = log Σ_j exp(s_ij),   P_ij = exp(s_ij − L_i)
 *   forward    y_i = Σ_j P_ij v_j
 *   backward   with g_i = ∂L/∂y_i and D_i = g_i · y_i:   S_ij = P_ij (g_i · v_j − D_i)
 *              ∂/∂q_i = Σ_j S_ij k_j / √d,   ∂/∂k_j = Σ_i S_ij q_i / √d,   ∂/∂v_j = Σ_i P_ij g_i
 *              ∂/∂B_ij = Σ S_ij over the windows
 *
 * Forward keeps L besides y; backward computes P again from it [FlashAttention, Dao et al. 2022]. B is stored as
 * [heads, j, i], the key first, so that neighbouring queries are neighbours in memory.
 *
 * Variants, by shape and device (see windowAttentionSource.ts):
 *   aligned  the size is a multiple of 4, so that four pixels are one vec4; blocks of 16 pixels, whose loads four lanes
 *            share where there are subgroups and the window is made of whole blocks
 *   else     blocks of 4 pixels, each loaded by itself
 */
import type { Kernel, Launch, Traits } from './kernel.js';
import { packedOffsets } from './pack.js';
import { dims, sizeOf, type Shape } from './shape.js';
import { f32, fold, uniforms } from './source.js';
import {
  keysGradSource,
  queriesGradSource,
  windowAttentionSource,
  type WindowAttentionVariant,
} from './windowAttentionSource.js';
import {
  eachWindowHead,
  windowGeometry,
  type WindowGeometry,
  type WindowHead,
  type WindowParams,
} from './windowGeometry.js';

const WG = 32;

/** How all results are stored: they hold sums that are not at their end yet, and logarithms. */
const TYPE = 'f32';

/** What the score of a pair that the roll brought together is lowered by: exp(−100) ≈ 4e−44 is nothing beside 1. */
const APART = 100;

/** A tensor within a flat result. */
export interface Part {
  readonly offset: number;
  readonly shape: Shape;
}

/** A flat result of two tensors. */
function parts(first: Shape, second: Shape): readonly [Part, Part] {
  const { offsets } = packedOffsets([first, second].map(sizeOf), TYPE);
  return [
    { offset: offsets[0], shape: first },
    { offset: offsets[1], shape: second },
  ];
}

const endOf = ({ offset, shape }: Part): number => offset + sizeOf(shape);

/** y [n, c, h, w] and L [n, heads, h, w] in the result of `windowAttention`. */
export function attentionParts(qkv: Shape, params: WindowParams): readonly [y: Part, logs: Part] {
  const { n, c, h, w, heads } = windowGeometry('windowAttention', qkv, params);
  return parts([n, c, h, w], [n, heads, h, w]);
}

/** ∂/∂q [n, c, h, w] and ∂/∂B [chunks, heads, mp, mp] in the result of `windowAttentionQueries`. */
export function queriesParts(qkv: Shape, params: WindowParams): readonly [queries: Part, bias: Part] {
  const g = windowGeometry('windowAttentionQueries', qkv, params);
  const chunks = Math.ceil(g.windows / chunkOf(g));
  return parts([g.n, g.c, g.h, g.w], [chunks, g.heads, g.pixels, g.pixels]);
}

/** Windows whose ∂/∂B one invocation adds up: about as many as there are such sums. */
const chunkOf = ({ windows }: WindowGeometry): number => Math.ceil(Math.sqrt(windows));

/** Pairs of a query and a key, in all heads and windows. */
const pairsOf = ({ windows, heads, pixels }: WindowGeometry): number => windows * heads * pixels ** 2;

function variantOf({ size, pixels }: WindowGeometry, { subgroupSize }: Traits): WindowAttentionVariant {
  if (size % 4 !== 0) return { block: 1, share: 1, aligned: false };
  return { block: 4, share: subgroupSize >= 4 && pixels % 16 === 0 ? 4 : 1, aligned: true };
}

/**
 * A launch with one invocation per quad of each head of `windows`.
 *
 * @param result its parts, if it has two: what lies between them is set to 0
 */
function launch(
  source: (variant: WindowAttentionVariant) => string,
  g: WindowGeometry,
  windows: number,
  traits: Traits,
  result?: readonly [Part, Part],
): Launch {
  const variant = variantOf(g, traits);
  const unit = variant.aligned ? 4 : 1;
  const count = windows * g.heads * Math.ceil(g.pixels / 4);
  const plane = (g.h * g.w) / unit;
  const ends = result ? [endOf(result[0]), result[1].offset] : [0, 0];
  const { heads, d, frames, rows, columns, w, size, shift, pixels } = g;
  const cut = [g.windows, chunkOf(g), heads, d, frames, rows, columns, w, plane, size, shift, pixels];
  return {
    wgsl: source(variant),
    workgroups: fold(Math.ceil(count / WG)),
    uniforms: uniforms(count, ...cut, ends[0] / unit, ends[1] / unit, f32(1 / Math.sqrt(d))),
  };
}

/** q_i · k_j / √d + B_ij + M_ij for one head of one window; with `Math.abs` as `f`, Σ|terms| of it. */
function scores(
  g: WindowGeometry,
  { head, at, apart }: WindowHead,
  qkv: Float64Array,
  bias: Float64Array,
  f: (v: number) => number = (v) => v,
): (i: number, j: number) => number {
  return (i, j) => {
    let sum = f(bias[(head * g.pixels + j) * g.pixels + i]) + f(apart(i, j) ? -APART : 0);
    for (let e = head * g.d; e < (head + 1) * g.d; e++)
      sum += f((qkv[at(3 * g.c, e, i)] * qkv[at(3 * g.c, g.c + e, j)]) / Math.sqrt(g.d));
    return sum;
  };
}

type Inputs = readonly Float64Array[];

/** y and L; with `bounds`, what their errors are proportional to. */
function forward([qkv, bias]: Inputs, shape: Shape, params: WindowParams, bounds: boolean): Float64Array {
  const g = windowGeometry('windowAttention', shape, params);
  const [, logs] = attentionParts(shape, params);
  const result = new Float64Array(endOf(logs));
  eachWindowHead(g, (window) => {
    const { head, at } = window;
    const score = scores(g, window, qkv, bias);
    const terms = scores(g, window, qkv, bias, Math.abs);
    for (let i = 0; i < g.pixels; i++) {
      const s = Array.from({ length: g.pixels }, (_, j) => score(i, j));
      const m = Math.max(...s);
      const z = s.reduce((sum, v) => sum + Math.exp(v - m), 0);
      const log = m + Math.log(z);
      // What an error of P_ij is proportional to, relative to it.
      const off = bounds ? s.map((v, j) => 1 + terms(i, j) + m - v) : [];
      const mean = off.reduce((sum, v, j) => sum + v * Math.exp(s[j] - log), 0);
      result[logs.offset + at(g.heads, head, i)] = bounds ? Math.abs(m) + Math.abs(log) + mean : log;
      for (let e = head * g.d; e < (head + 1) * g.d; e++) {
        let y = 0;
        for (let j = 0; j < g.pixels; j++) {
          const v = qkv[at(3 * g.c, 2 * g.c + e, j)];
          y += Math.exp(s[j] - log) * (bounds ? Math.abs(v) * (off[j] + mean) : v);
        }
        result[at(g.c, e, i)] = y;
      }
    }
  });
  return result;
}

/** y and L in one flat result, see `attentionParts`. Inputs qkv [n, 3c, h, w] and B. */
export const windowAttention: Kernel<WindowParams> = {
  name: 'windowAttention',
  resultType: () => TYPE,
  outShape([qkv, bias], params) {
    const { heads, pixels } = windowGeometry('windowAttention', qkv, params);
    dims('windowAttention: bias', bias, 'heads keys queries', { heads, keys: pixels, queries: pixels });
    return [endOf(attentionParts(qkv, params)[1])];
  },
  launch([qkv], params, traits) {
    const g = windowGeometry('windowAttention', qkv, params);
    return launch(windowAttentionSource, g, g.windows, traits, attentionParts(qkv, params));
  },
  reference: (inputs, [qkv], params) => forward(inputs, qkv, params, false),
  // A score: q / √d, d products, d additions in any order, bias and mask: d + 4 roundings of its terms, which exp makes
  // a relative error. exp: 6 + 4 |x|, and |x| from s − m. Each of ⌈mp / 4⌉ times that the greatest score so far grows
  // by x, exp(−x) and a product more: 7 + 5 |x|, the |x| adding up to m − s at most. Additions: mp. The division 5,
  // the logarithm 8 and an addition.
  roundings([qkv], params) {
    const { d, pixels } = windowGeometry('windowAttention', qkv, params);
    return d + 7 * Math.ceil(pixels / 4) + pixels + 24;
  },
  // q · k, and P v.
  multiplyAdds([qkv], params) {
    const g = windowGeometry('windowAttention', qkv, params);
    return 2 * pairsOf(g) * g.d;
  },
  // P (|v| + mean) off, with off_ij = 1 + Σ|terms of s_ij| + m − s_ij, and its mean for the denominator.
  errorScale: (inputs, [qkv], params) => forward(inputs, qkv, params, true),
};

/** One query and one key of a head, with P_ij and S_ij, or what their errors are proportional to. */
interface Pair {
  readonly window: number;
  readonly i: number;
  readonly j: number;
  readonly p: number;
  readonly s: number;
}

/** Calls `visit` for each pair. */
function eachPair(
  g: WindowGeometry,
  [qkv, bias, logs, ds, gs]: Inputs,
  bounds: boolean,
  visit: (place: WindowHead, pair: Pair) => void,
): void {
  const f = signless(bounds);
  let visited = 0;
  eachWindowHead(g, (place) => {
    const { head, at } = place;
    const window = Math.floor(visited++ / g.heads);
    const score = scores(g, place, qkv, bias);
    const terms = scores(g, place, qkv, bias, Math.abs);
    for (let i = 0; i < g.pixels; i++) {
      const state = at(g.heads, head, i);
      for (let j = 0; j < g.pixels; j++) {
        const less = score(i, j) - logs[state];
        const off = bounds ? 1 + terms(i, j) + Math.abs(logs[state]) + Math.abs(less) : 1; // relative to P_ij
        const p = Math.exp(less) * off;
        let slope = 0;
        for (let e = head * g.d; e < (head + 1) * g.d; e++)
          slope += f(gs[at(g.c, e, i)] * qkv[at(3 * g.c, 2 * g.c + e, j)]);
        slope += f(-ds[state]);
        visit(place, { window, i, j, p, s: p * slope });
      }
    }
  });
}

const signless = (bounds: boolean): ((v: number) => number) => (bounds ? Math.abs : (v) => v);

function queriesGrad(inputs: Inputs, shape: Shape, params: WindowParams, bounds: boolean): Float64Array {
  const [qkv] = inputs;
  const g = windowGeometry('windowAttentionQueries', shape, params);
  const [, bias] = queriesParts(shape, params);
  const f = signless(bounds);
  const result = new Float64Array(endOf(bias));
  eachPair(g, inputs, bounds, ({ head, at }, { window, i, j, s }) => {
    const chunk = Math.floor(window / chunkOf(g));
    result[bias.offset + ((chunk * g.heads + head) * g.pixels + j) * g.pixels + i] += s;
    for (let e = head * g.d; e < (head + 1) * g.d; e++)
      result[at(g.c, e, i)] += (s * f(qkv[at(3 * g.c, g.c + e, j)])) / Math.sqrt(g.d);
  });
  return result;
}

/** ∂/∂q and ∂/∂B in one flat result, see `queriesParts`. Inputs qkv, B, L, D (of L's shape) and g (of y's). */
export const windowAttentionQueries: Kernel<WindowParams> = {
  name: 'windowAttentionQueries',
  resultType: () => TYPE,
  outShape: ([qkv], params) => [endOf(queriesParts(qkv, params)[1])],
  launch([qkv], params, traits) {
    const g = windowGeometry('windowAttentionQueries', qkv, params);
    const result = queriesParts(qkv, params);
    return launch(queriesGradSource, g, result[1].shape[0], traits, result);
  },
  reference: (inputs, [qkv], params) => queriesGrad(inputs, qkv, params, false),
  // A score as in `windowAttention`, d + 4 of its terms; s − L and exp, 6 + 5 |x|. g · v − D: d + 1. The product P (…),
  // that with k, √d, and the additions: over a window's pixels, or the windows of a chunk.
  roundings([qkv], params) {
    const g = windowGeometry('windowAttentionQueries', qkv, params);
    return 2 * g.d + 16 + Math.max(g.pixels, chunkOf(g));
  },
  // q · k, g · v, and S k.
  multiplyAdds([qkv], params) {
    const g = windowGeometry('windowAttentionQueries', qkv, params);
    return 3 * pairsOf(g) * g.d;
  },
  // P off (Σ|terms of g · v| + |D|), times what it is multiplied with; off_ij = 1 + Σ|terms of s_ij| + |L_i| + |s_ij − L_i|.
  errorScale: (inputs, [qkv], params) => queriesGrad(inputs, qkv, params, true),
};

function keysGrad(inputs: Inputs, shape: Shape, params: WindowParams, bounds: boolean): Float64Array {
  const [qkv, , , , gs] = inputs;
  const g = windowGeometry('windowAttentionKeys', shape, params);
  const f = signless(bounds);
  const result = new Float64Array(g.n * 2 * g.c * g.h * g.w);
  eachPair(g, inputs, bounds, ({ head, at }, { i, j, p, s }) => {
    for (let e = head * g.d; e < (head + 1) * g.d; e++) {
      result[at(2 * g.c, e, j)] += (s * f(qkv[at(3 * g.c, e, i)])) / Math.sqrt(g.d);
      result[at(2 * g.c, g.c + e, j)] += p * f(gs[at(g.c, e, i)]);
    }
  });
  return result;
}

/** ∂/∂k and ∂/∂v [n, 2c, h, w]. Inputs as of `windowAttentionQueries`. */
export const windowAttentionKeys: Kernel<WindowParams> = {
  name: 'windowAttentionKeys',
  resultType: () => TYPE,
  outShape([qkv], params) {
    const { n, c, h, w } = windowGeometry('windowAttentionKeys', qkv, params);
    return [n, 2 * c, h, w];
  },
  launch([qkv], params, traits) {
    const g = windowGeometry('windowAttentionKeys', qkv, params);
    return launch(keysGradSource, g, g.windows, traits);
  },
  reference: (inputs, [qkv], params) => keysGrad(inputs, qkv, params, false),
  // As of `windowAttentionQueries`, with sums over a window's pixels.
  roundings([qkv], params) {
    const g = windowGeometry('windowAttentionKeys', qkv, params);
    return 2 * g.d + 16 + g.pixels;
  },
  // q · k, g · v, S q and P g.
  multiplyAdds([qkv], params) {
    const g = windowGeometry('windowAttentionKeys', qkv, params);
    return 4 * pairsOf(g) * g.d;
  },
  errorScale: (inputs, [qkv], params) => keysGrad(inputs, qkv, params, true),
};

/**
 * Mean and variance over the middle axis of x [outer, len, inner], in chunks that are merged afterwards:
 *
 *   m = Σ_l x_l / n,   v = Σ_l (x_l − m)² / n                       of each chunk
 *   m = Σ_k n_k m_k / n,   v = Σ_k n_k (v_k + (m_k − m)²) / n       of the chunks together
 *
 * The result is [outer, chunks, 2, inner]: m, then v. Differences are taken from c, the mean of the first few terms, a
 * ninth of them at least, so that a device needs no second pass over the chunk. Their squares add up to 10 times what
 * those from m do, at most, for few · (c − m)² ≤ Σ_l (x_l − m)². So no step subtracts two large squares.
 */
import type { Kernel } from './kernel.js';
import { inLanes, lanesOf, laneVariants } from './lanes.js';
import { dims } from './shape.js';
import { fold, uniforms, wgsl } from './source.js';

export interface MomentsParams {
  /** Terms per chunk; a multiple of four, or the whole axis. */
  readonly chunk: number;
}

export interface MergeParams extends MomentsParams {
  /** Terms in all; the last chunk may be shorter than the others. */
  readonly len: number;
}

const WG = 64;
const sources = laneVariants(wgsl(import.meta.url, './moments.wgsl'));
const merge = wgsl(import.meta.url, './momentsMerge.wgsl');

export const moments: Kernel<MomentsParams> = {
  name: 'moments',
  resultType: () => 'f32',
  outShape([x], { chunk }) {
    const { outer, len, inner } = dims('moments', x, 'outer len inner');
    return [outer, Math.ceil(len / chunk), 2, inner];
  },
  launch([x], { chunk }) {
    const lanes = lanesOf(x);
    const [outer, len, inner] = inLanes(x, lanes);
    const chunks = Math.ceil(x[1] / chunk);
    const count = outer * chunks * inner;
    const loads = lanes === 'along' ? Math.ceil(chunk / 4) : chunk;
    return {
      wgsl: sources[lanes],
      workgroups: fold(Math.ceil(count / WG)),
      constants: { WG },
      uniforms: uniforms(count, chunks, len, inner, loads, lanes === 'along' ? 4 : 1),
    };
  },
  reference: ([x], [shape], { chunk }) => pairs(x, shape, chunk, (v) => v),
  // n differences x − c with a square, added up: n + 3 of q, that is 10 (n + 3) of v; and as much twice for (s / n)²,
  // which is no more than q / n. A quotient (2.5 ulp), the lanes' means apart, and their sum.
  roundings: ([[, len]], { chunk }) => 30 * (Math.min(len, chunk) + 3) + 16,
  // mean |x|, and the mean of (|x| + mean |x|)².
  errorScale: ([x], [shape], { chunk }) => pairs(x.map(Math.abs), shape, chunk, (m) => -m),
};

/** The chunks' m, and their mean of (x − centre(m))². */
function pairs(
  x: Float64Array,
  [outer, len, inner]: readonly number[],
  chunk: number,
  centre: (m: number) => number,
): Float64Array {
  const chunks = Math.ceil(len / chunk);
  const y = new Float64Array(outer * chunks * 2 * inner);
  for (let o = 0; o < outer; o++)
    for (let k = 0; k < chunks; k++)
      for (let i = 0; i < inner; i++) {
        const [first, end] = [k * chunk, Math.min((k + 1) * chunk, len)];
        const n = end - first;
        const at = (l: number): number => x[(o * len + l) * inner + i];
        const to = (o * chunks + k) * 2 * inner + i;
        for (let l = first; l < end; l++) y[to] += at(l) / n;
        for (let l = first; l < end; l++) y[to + inner] += (at(l) - centre(y[to])) ** 2 / n;
      }
  return y;
}

export const momentsMerge: Kernel<MergeParams> = {
  name: 'momentsMerge',
  resultType: () => 'f32',
  outShape([pairs], { len, chunk }) {
    const { outer, inner } = dims('momentsMerge', pairs, 'outer chunks two inner', {
      two: 2,
      chunks: Math.ceil(len / chunk),
    });
    return [outer, 1, 2, inner];
  },
  launch([[outer, chunks, , inner]], { len, chunk }) {
    const count = outer * inner;
    return {
      wgsl: merge,
      workgroups: fold(Math.ceil(count / WG)),
      constants: { WG },
      uniforms: uniforms(count, chunks, inner, len, chunk),
    };
  },
  reference: ([x], [shape], params) =>
    merged(
      x,
      shape,
      params,
      (v) => v,
      (m) => m,
    ),
  roundings: ([[, chunks]]) => 2 * chunks + 16,
  errorScale: ([x], [shape], params) => merged(x, shape, params, Math.abs, (m) => -m),
};

function merged(
  x: Float64Array,
  [outer, chunks, , inner]: readonly number[],
  { len, chunk }: MergeParams,
  value: (m: number) => number,
  centre: (m: number) => number,
): Float64Array {
  const y = new Float64Array(outer * 2 * inner);
  for (let o = 0; o < outer; o++)
    for (let i = 0; i < inner; i++) {
      const weight = (k: number): number => (Math.min((k + 1) * chunk, len) - k * chunk) / len;
      const at = (k: number): number => (o * chunks + k) * 2 * inner + i;
      const to = o * 2 * inner + i;
      for (let k = 0; k < chunks; k++) y[to] += weight(k) * value(x[at(k)]);
      for (let k = 0; k < chunks; k++)
        y[to + inner] += weight(k) * (x[at(k) + inner] + (value(x[at(k)]) - centre(y[to])) ** 2);
    }
  return y;
}

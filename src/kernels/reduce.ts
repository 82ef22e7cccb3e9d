/**
 * Sum over the first axis, and in chunks over the third:
 *
 *   y[o, k, i] = Σ_f Σ_l x[f, o, l, i],  k·chunk ≤ l < (k + 1)·chunk
 *
 * x [first, outer, len, inner] → y [outer, ⌈len / chunk⌉, inner]. Repeated until one chunk is left it adds up any
 * number of terms, in an order that depends on the shape alone.
 */
import { inLanes, lanesOf, laneVariants } from './lanes.js';
import type { Kernel } from './kernel.js';
import { dims, type Shape } from './shape.js';
import { fold, uniforms, wgsl } from './source.js';

export interface ReduceParams {
  /** Steps of the third axis per sum; a multiple of four, or the whole axis. */
  readonly chunk: number;
}

const WG = 64;
const sources = laneVariants(wgsl(import.meta.url, './reduce.wgsl'));

export const reduceSum: Kernel<ReduceParams> = {
  name: 'reduceSum',
  resultType: () => 'f32',
  outShape([x], { chunk }) {
    const { outer, len, inner } = dims('reduceSum', x, 'first outer len inner');
    return [outer, Math.ceil(len / chunk), inner];
  },
  launch([[first, ...x]], { chunk }) {
    const lanes = lanesOf(x);
    const [outer, len, inner] = inLanes(x, lanes);
    const chunks = Math.ceil(x[1] / chunk);
    const count = outer * chunks * inner;
    const step = lanes === 'along' ? Math.ceil(chunk / 4) : chunk;
    return {
      wgsl: sources[lanes],
      workgroups: fold(Math.ceil(count / WG)),
      constants: { WG },
      uniforms: uniforms(count, first, outer, chunks, len, inner, step),
    };
  },
  reference: ([x], [shape], { chunk }) => chunkSums(x, shape, chunk),
  roundings: ([[first, , len]], { chunk }) => first * Math.min(len, chunk),
  errorScale: ([x], [shape], { chunk }) => chunkSums(x.map(Math.abs), shape, chunk),
};

function chunkSums(x: Float64Array, [first, outer, len, inner]: Shape, chunk: number): Float64Array {
  const chunks = Math.ceil(len / chunk);
  const y = new Float64Array(outer * chunks * inner);
  for (let f = 0; f < first; f++)
    for (let o = 0; o < outer; o++)
      for (let l = 0; l < len; l++) {
        const to = (o * chunks + Math.floor(l / chunk)) * inner;
        const from = ((f * outer + o) * len + l) * inner;
        for (let i = 0; i < inner; i++) y[to + i] += x[from + i];
      }
  return y;
}

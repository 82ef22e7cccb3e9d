/**
 * Sum over the middle axis, in chunks:  y[o, k, i] = Σ_l x[o, l, i],  k·chunk ≤ l < (k + 1)·chunk
 *
 * x [outer, len, inner] → y [outer, ⌈len / chunk⌉, inner]. Repeated until one chunk is left it adds up any
 * number of terms, in an order that depends on the shape alone.
 */
import { inLanes, lanesOf, laneVariants } from './lanes.js';
import type { Kernel } from './kernel.js';
import { dims } from './shape.js';
import { fold, uniforms, wgsl } from './source.js';

export interface ReduceParams {
  /** Terms per sum; a multiple of four, or the whole axis. */
  readonly chunk: number;
}

const WG = 64;
const sources = laneVariants(wgsl(import.meta.url, './reduce.wgsl'));

export const reduceSum: Kernel<ReduceParams> = {
  name: 'reduceSum',
  outShape([x], { chunk }) {
    const { outer, len, inner } = dims('reduceSum', x, 'outer len inner');
    return [outer, Math.ceil(len / chunk), inner];
  },
  launch([x], { chunk }) {
    const lanes = lanesOf(x);
    const [outer, len, inner] = inLanes(x, lanes);
    const chunks = Math.ceil(x[1] / chunk);
    const count = outer * chunks * inner;
    return {
      wgsl: sources[lanes],
      workgroups: fold(Math.ceil(count / WG)),
      constants: { WG },
      uniforms: uniforms(count, chunks, len, inner, lanes === 'along' ? Math.ceil(chunk / 4) : chunk),
    };
  },
  reference: ([x], [[outer, len, inner]], { chunk }) => chunkSums(x, outer, len, inner, chunk),
  roundings: ([[, len]], { chunk }) => Math.min(len, chunk),
  errorScale: ([x], [[outer, len, inner]], { chunk }) => chunkSums(x.map(Math.abs), outer, len, inner, chunk),
};

function chunkSums(x: Float64Array, outer: number, len: number, inner: number, chunk: number): Float64Array {
  const chunks = Math.ceil(len / chunk);
  const y = new Float64Array(outer * chunks * inner);
  for (let o = 0; o < outer; o++)
    for (let l = 0; l < len; l++) {
      const to = (o * chunks + Math.floor(l / chunk)) * inner;
      const from = (o * len + l) * inner;
      for (let i = 0; i < inner; i++) y[to + i] += x[from + i];
    }
  return y;
}

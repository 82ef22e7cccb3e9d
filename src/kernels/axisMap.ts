/**
 * A sparse matrix along one axis:  y[o, k, i] = Σ_t weights[k, t] x[o, indices[k, t], i]
 *
 * x [outer, length, inner], indices and weights [rows, taps] → y [outer, rows, inner]. Indices come as f32, in
 * which they are exact up to 2²⁴.
 */
import type { Kernel } from './kernel.js';
import { inLanes, laneVariants } from './lanes.js';
import { dims, sameShape, ShapeError, type Shape } from './shape.js';
import { fold, uniforms, wgsl } from './source.js';

const WG = 64;
const sources = laneVariants(wgsl(import.meta.url, './axisMap.wgsl'));

type Weight = (w: number, x: number) => number;

function apply(arrays: readonly Float64Array[], shapes: readonly Shape[], term: Weight): Float64Array {
  const [x, indices, weights] = arrays;
  const [[outer, length, inner], [rows, taps]] = shapes;
  const y = new Float64Array(outer * rows * inner);
  for (let o = 0; o < outer; o++)
    for (let k = 0; k < rows; k++)
      for (let t = k * taps; t < (k + 1) * taps; t++) {
        const from = (o * length + indices[t]) * inner;
        const to = (o * rows + k) * inner;
        for (let i = 0; i < inner; i++) y[to + i] += term(weights[t], x[from + i]);
      }
  return y;
}

export const axisMap: Kernel = {
  name: 'axisMap',
  outShape([x, indices, weights]) {
    const { outer, inner } = dims('axisMap: x', x, 'outer length inner');
    if (indices.length !== 2 || !sameShape(indices, weights))
      throw new ShapeError('axisMap', 'indices and weights [rows, taps]', indices, weights);
    return [outer, indices[0], inner];
  },
  launch([x, [rows, taps]]) {
    const lanes = x[2] % 4 === 0 ? 'across' : 'single';
    const [outer, length, inner] = inLanes(x, lanes);
    const count = outer * rows * inner;
    return {
      wgsl: sources[lanes],
      workgroups: fold(Math.ceil(count / WG)),
      constants: { WG },
      uniforms: uniforms(count, rows, taps, length, inner),
    };
  },
  reference: (arrays, shapes) => apply(arrays, shapes, (w, x) => w * x),
  // One rounding for the product and one for each addition; the first addition, to 0, is exact.
  roundings: ([, [, taps]]) => taps,
  errorScale: (arrays, shapes) => apply(arrays, shapes, (w, x) => Math.abs(w * x)),
};

/**
 * Softmax over the last axis.
 *
 *   forward    y_c  = exp(x_c − m) / Σ_k exp(x_k − m),   m = max_k x_k
 *   backward   gx_c = y_c (g_c − Σ_k g_k y_k)
 *
 * Backward needs y, not x.
 */
import type { Kernel, Launch } from './kernel.js';
import { inLanes, lanesOf, laneVariants } from './lanes.js';
import { sameShapes, ShapeError, sizeOf, type Shape } from './shape.js';
import { fold, uniforms, wgsl } from './source.js';

const WG = 64;
const forward = laneVariants(wgsl(import.meta.url, './softmax.wgsl'));
const backward = laneVariants(wgsl(import.meta.url, './softmaxBackward.wgsl'));

const rowsAndCols = (shape: Shape): { rows: number; cols: number } => {
  const cols = shape.at(-1) ?? 1;
  return { rows: sizeOf(shape) / cols, cols };
};

function launch(sources: typeof forward, shape: Shape): Launch {
  const { rows, cols } = rowsAndCols(shape);
  const view = [rows, cols, 1];
  const lanes = lanesOf(view);
  const [, loads] = inLanes(view, lanes);
  return {
    wgsl: sources[lanes],
    workgroups: fold(Math.ceil(rows / WG)),
    constants: { WG },
    uniforms: uniforms(rows, loads),
  };
}

/** Calls `visit` with each row's offset. */
function eachRow(shape: Shape, visit: (start: number, end: number) => void): void {
  const { rows, cols } = rowsAndCols(shape);
  for (let r = 0; r < rows; r++) visit(r * cols, (r + 1) * cols);
}

const greatest = (x: Float64Array, start: number, end: number): number =>
  x.subarray(start, end).reduce((m, v) => Math.max(m, v), -Infinity);

function softmax(x: Float64Array, shape: Shape): Float64Array {
  const y = new Float64Array(x.length);
  eachRow(shape, (start, end) => {
    const m = greatest(x, start, end);
    let z = 0;
    for (let i = start; i < end; i++) z += y[i] = Math.exp(x[i] - m);
    for (let i = start; i < end; i++) y[i] /= z;
  });
  return y;
}

export const softmaxForward: Kernel = {
  name: 'softmax',
  outShape([x]) {
    if (x.length === 0) throw new ShapeError('softmax', 'at least one axis', x);
    return x;
  },
  launch: ([x]) => launch(forward, x),
  reference: ([x], [shape]) => softmax(x, shape),
  // With d = m − x: exp is within 3 + 2d ulp, and d itself within u d, so a numerator is within (6 + 5d) u.
  // The denominator: the same on the average, E[d] ≤ ln cols, and cols additions. The division: 2.5 ulp.
  roundings: ([x]) => 12 + 5 * Math.log(rowsAndCols(x).cols) + rowsAndCols(x).cols + 5,
  // y (1 + d), for the part of a numerator's error that grows with d.
  errorScale([x], [shape]) {
    const scale = softmax(x, shape);
    eachRow(shape, (start, end) => {
      const m = greatest(x, start, end);
      for (let i = start; i < end; i++) scale[i] *= 1 + m - x[i];
    });
    return scale;
  },
};

export const softmaxBackward: Kernel = {
  name: 'softmaxBackward',
  outShape: ([y, g]) => sameShapes('softmaxBackward', y, g),
  launch: ([y]) => launch(backward, y),
  reference([y, g], [shape]) {
    const gx = new Float64Array(y.length);
    eachRow(shape, (start, end) => {
      let dot = 0;
      for (let i = start; i < end; i++) dot += g[i] * y[i];
      for (let i = start; i < end; i++) gx[i] = y[i] * (g[i] - dot);
    });
    return gx;
  },
  // cols products and additions, one subtraction, one product.
  roundings: ([y]) => rowsAndCols(y).cols + 3,
  errorScale([y, g], [shape]) {
    const scale = new Float64Array(y.length);
    eachRow(shape, (start, end) => {
      let dot = 0;
      for (let i = start; i < end; i++) dot += Math.abs(g[i] * y[i]);
      for (let i = start; i < end; i++) scale[i] = Math.abs(y[i]) * (Math.abs(g[i]) + dot);
    });
    return scale;
  },
};

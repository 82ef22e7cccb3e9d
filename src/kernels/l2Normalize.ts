/**
 * x / max(‖x‖₂, ε) over the last axis, ε = 10⁻¹².
 *
 *   forward    y = x / r,   r = max(‖x‖₂, ε)
 *   backward   gx = (g − y Σ_k g_k y_k) / r   where ‖x‖₂ > ε,   g / ε elsewhere
 */
import type { Kernel, Launch } from './kernel.js';
import { inLanes, lanesOf, laneVariants } from './lanes.js';
import { sameShapes, ShapeError, sizeOf, type Shape } from './shape.js';
import { fold, uniforms, wgsl } from './source.js';

const WG = 64;
const EPS = 1e-12;
const forward = laneVariants(wgsl(import.meta.url, './l2Normalize.wgsl'));
const backward = laneVariants(wgsl(import.meta.url, './l2NormalizeBackward.wgsl'));

const view = (shape: Shape): Shape => {
  const cols = shape.at(-1) ?? 1;
  return [sizeOf(shape) / cols, cols, 1];
};

function launch(sources: typeof forward, shape: Shape): Launch {
  const rows = view(shape);
  const lanes = lanesOf(rows);
  const [count, cols] = inLanes(rows, lanes);
  return {
    wgsl: sources[lanes],
    workgroups: fold(Math.ceil(count / WG)),
    constants: { WG },
    uniforms: uniforms(count, cols),
  };
}

/** A new array, row by row. */
function byRow(shape: Shape, row: (start: number, end: number, to: Float64Array) => void): Float64Array {
  const [rows, cols] = view(shape);
  const y = new Float64Array(rows * cols);
  for (let r = 0; r < rows; r++) row(r * cols, (r + 1) * cols, y.subarray(r * cols, (r + 1) * cols));
  return y;
}

const norm = (row: Float64Array): number => Math.sqrt(row.reduce((sum, v) => sum + v * v, 0));

type Term = (x: number, g: number, products: number, r: number) => number;
const backwardWith =
  (products: (sum: number, x: number, g: number) => number, term: Term): Kernel['reference'] =>
  ([x, g], [shape]) =>
    byRow(shape, (start, end, gx) => {
      const n = norm(x.subarray(start, end));
      const r = Math.max(n, EPS);
      let dot = 0;
      if (n > EPS) for (let i = start; i < end; i++) dot = products(dot, x[i] / r, g[i]);
      for (let i = start; i < end; i++) gx[i - start] = term(x[i] / r, g[i], dot, r);
    });

export const l2NormalizeForward: Kernel = {
  name: 'l2Normalize',
  outShape([x]) {
    if (x.length === 0) throw new ShapeError('l2Normalize', 'at least one axis', x);
    return x;
  },
  launch: ([x]) => launch(forward, x),
  reference: ([x], [shape]) =>
    byRow(shape, (start, end, y) => {
      const r = Math.max(norm(x.subarray(start, end)), EPS);
      y.forEach((_, i) => (y[i] = x[start + i] / r));
    }),
  // Under the root, which halves it, one rounding per square and addition; the root and the division, 4.5 ulp each.
  roundings: ([x]) => view(x)[1] / 2 + 20,
};

/** Inputs x and g, of one shape. */
export const l2NormalizeBackward: Kernel = {
  name: 'l2NormalizeBackward',
  outShape: ([x, g]) => sameShapes('l2NormalizeBackward', x, g),
  launch: ([x]) => launch(backward, x),
  reference: backwardWith(
    (sum, y, g) => sum + y * g,
    (y, g, products, r) => (g - y * products) / r,
  ),
  // r thrice, each as in forward; cols products and additions; three more.
  roundings: ([x]) => 2.5 * view(x)[1] + 64,
  errorScale: backwardWith(
    (sum, y, g) => sum + Math.abs(y * g),
    (y, g, products, r) => (Math.abs(g) + Math.abs(y) * products) / r,
  ),
};

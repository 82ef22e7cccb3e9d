/**
 * Maximum over the last axis.
 *
 *   forward    y = max_c x_c
 *   backward   gx_c = g at the first c where x_c = y,   0 elsewhere
 */
import type { Kernel } from './kernel.js';
import { inLanes, lanesOf, laneVariants } from './lanes.js';
import { sameShape, ShapeError, sizeOf, type Shape } from './shape.js';
import { fold, uniforms, wgsl } from './source.js';

const WG = 64;
const forward = laneVariants(wgsl(import.meta.url, './max.wgsl'));
const backward = wgsl(import.meta.url, './maxBackward.wgsl');

/** @throws ShapeError unless there is a last axis */
function rowsAndCols(x: Shape): [rows: number, cols: number] {
  const cols = x.at(-1);
  if (cols === undefined) throw new ShapeError('max', 'at least one axis', x);
  return [sizeOf(x) / cols, cols];
}

/** Where the first greatest element of each row is, from the start of the row. */
function firstGreatest(x: Float64Array, shape: Shape): number[] {
  const [rows, cols] = rowsAndCols(shape);
  return Array.from({ length: rows }, (_, r) => {
    const row = x.subarray(r * cols, (r + 1) * cols);
    return row.reduce((best, v, c) => (v > row[best] ? c : best), 0);
  });
}

export const reduceMax: Kernel = {
  name: 'max',
  outShape([x]) {
    rowsAndCols(x);
    return x.slice(0, -1);
  },
  launch([x]) {
    const [rows, cols] = rowsAndCols(x);
    const lanes = lanesOf([rows, cols, 1]);
    const [, loads] = inLanes([rows, cols, 1], lanes);
    return {
      wgsl: forward[lanes],
      workgroups: fold(Math.ceil(rows / WG)),
      constants: { WG },
      uniforms: uniforms(rows, loads),
    };
  },
  reference: ([x], [shape]) =>
    Float64Array.from(firstGreatest(x, shape), (c, r) => x[r * rowsAndCols(shape)[1] + c]),
  roundings: () => 0,
};

/** Inputs x [.., c] and g [..] → gx [.., c]. */
export const reduceMaxBackward: Kernel = {
  name: 'maxBackward',
  outShape([x, g]) {
    if (!sameShape(x.slice(0, -1), g)) throw new ShapeError('maxBackward', 'x [.., c] and g [..]', x, g);
    return x;
  },
  launch([x]) {
    const [rows, cols] = rowsAndCols(x);
    return {
      wgsl: backward,
      workgroups: fold(Math.ceil(rows / WG)),
      constants: { WG },
      uniforms: uniforms(rows, cols),
    };
  },
  reference([x, g], [shape]) {
    const gx = new Float64Array(x.length);
    const [, cols] = rowsAndCols(shape);
    firstGreatest(x, shape).forEach((c, r) => (gx[r * cols + c] = g[r]));
    return gx;
  },
  roundings: () => 0,
};

/**
 * Which k of each row are greatest, as a matrix that picks them:
 *
 *   s[.., r, j] = 1 if rank(j) = r, else 0,   r < k
 *   rank(j) = #{ i : x_i > x_j,  or  x_i = x_j and i < j }
 *
 * x [.., q] → s [.., k, q]. Row r of s · v is the row of v [.., q, d] whose score is the r-th greatest.
 */
import type { Kernel } from './kernel.js';
import { ShapeError, sizeOf, type Shape } from './shape.js';
import { fold, uniforms, wgsl } from './source.js';

export interface TopKParams {
  readonly k: number;
}

const WG = 64;
const source = wgsl(import.meta.url, './topK.wgsl');

/** @throws ShapeError unless the last axis has at least k elements, and k at least one */
function columnsOf(x: Shape, k: number): number {
  const cols = x.at(-1);
  if (cols === undefined || !(k >= 1 && k <= cols)) throw new ShapeError('topK', `at least k=${k} scores`, x);
  return cols;
}

export const topK: Kernel<TopKParams> = {
  name: 'topK',
  outShape: ([x], { k }) => [...x.slice(0, -1), k, columnsOf(x, k)],
  launch([x], { k }) {
    const count = sizeOf(x);
    return {
      wgsl: source,
      workgroups: fold(Math.ceil(count / WG)),
      constants: { WG },
      uniforms: uniforms(count, columnsOf(x, k), k),
    };
  },
  reference([x], [shape], { k }) {
    const cols = columnsOf(shape, k);
    const rows = x.length / cols;
    const s = new Float64Array(rows * k * cols);
    for (let row = 0; row < rows; row++) {
      const scores = x.subarray(row * cols, (row + 1) * cols);
      scores.forEach((xj, j) => {
        const rank = scores.reduce((n, xi, i) => n + (xi > xj || (xi === xj && i < j) ? 1 : 0), 0);
        if (rank < k) s[(row * k + rank) * cols + j] = 1;
      });
    }
    return s;
  },
  roundings: () => 0,
};

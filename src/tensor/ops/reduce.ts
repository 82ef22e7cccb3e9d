import { chunkOf } from '../../kernels/lanes.js';
import { move } from '../../kernels/move.js';
import { reduceSum } from '../../kernels/reduce.js';
import { ShapeError, sizeOf, type Shape } from '../../kernels/shape.js';
import { broadcastStrides } from '../../kernels/strided.js';
import { record, run } from '../op.js';
import { viewed, type Tensor } from '../tensor.js';
import { scale } from './lincomb.js';

/**
 * Sum over `axes` (all, if left out); with `keepDims` they stay, with size 1. ∂/∂x: g, repeated.
 *
 * @throws ShapeError if x lacks an axis
 */
export function sum(x: Tensor, axes: readonly number[] = x.shape.map((_, i) => i), keepDims = false): Tensor {
  if (axes.some((axis) => !(axis in x.shape)))
    throw new ShapeError('sum', `axes ${axes.join(', ')}`, x.shape);
  const kept = x.shape.map((d, i) => (axes.includes(i) ? 1 : d));
  const shape = keepDims ? kept : x.shape.filter((_, i) => !axes.includes(i));
  const y = viewed(reduced(x, axes), shape);
  return record('sum', [x], y, (g) => [repeated(viewed(g, kept), x.shape)]);
}

/** Mean over `axes` (all, if left out). ∂/∂x: g / n, repeated. @throws ShapeError as `sum` does */
export function mean(
  x: Tensor,
  axes: readonly number[] = x.shape.map((_, i) => i),
  keepDims = false,
): Tensor {
  const n = sizeOf(axes.map((axis) => x.shape[axis]));
  return scale(1 / n, sum(x, axes, keepDims));
}

/**
 * x summed down to `shape`: the adjoint of broadcasting `shape` to x's. Not recorded: it serves vjps.
 *
 * @throws ShapeError if `shape` does not broadcast to x's
 */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  const extra = x.shape.length - shape.length;
  const target = x.shape.map((_, i) => (i < extra ? 1 : shape[i - extra]));
  if (extra < 0 || x.shape.some((d, i) => target[i] !== d && target[i] !== 1))
    throw new ShapeError('sumTo', 'a shape that broadcasts to the first', x.shape, shape);
  const axes = x.shape.map((_, i) => i).filter((i) => target[i] !== x.shape[i]);
  return viewed(reduced(x, axes), shape);
}

/** Two runs of axes are summed in one pass where the outer one is no longer than this. */
const MOST_TOGETHER = 64;

/** The sums over `axes`, without caring for the shape. The innermost axes come first, neighbours as one. */
function reduced(x: Tensor, axes: readonly number[]): Tensor {
  const runs = runsOf(x.shape, axes);
  let y = x;
  let inner = 1;
  for (let i = runs.length - 1; i >= 0; i--) {
    const { size, summed } = runs[i];
    if (!summed) inner *= size;
    else if (i === 2 && runs[0].size <= MOST_TOGETHER)
      return sumMiddle(y, [runs[0].size, runs[1].size, size, inner]);
    else y = sumMiddle(y, [1, sizeOf(runs.slice(0, i).map((outer) => outer.size)), size, inner]);
  }
  return y;
}

/** Sizes of neighbouring axes together: by turns those that are summed over and those that are not. */
function runsOf(shape: Shape, axes: readonly number[]): { size: number; summed: boolean }[] {
  const runs: { size: number; summed: boolean }[] = [];
  shape.forEach((size, i) => {
    const summed = axes.includes(i);
    const last = runs.at(-1);
    if (size === 1) return;
    if (last?.summed === summed) last.size *= size;
    else runs.push({ size, summed });
  });
  return runs;
}

/** The sum over the first and the third of four axes, as a tree of passes. */
function sumMiddle(x: Tensor, [first, outer, len, inner]: Shape): Tensor {
  let y = run(reduceSum, [viewed(x, [first, outer, len, inner])], {
    chunk: chunkOf([outer, len, inner], first),
  });
  while (y.shape[1] > 1) y = run(reduceSum, [viewed(y, [1, ...y.shape])], { chunk: chunkOf(y.shape) });
  return y;
}

/** x with its axes of size 1 stretched to `shape`. */
function repeated(x: Tensor, shape: Shape): Tensor {
  const strides = broadcastStrides(x.shape, shape);
  const axes = shape.map((size, i) => ({ size, stride: strides[i], shift: 0, source: size }));
  return run(move, [x], { axes, edge: 'inside' });
}

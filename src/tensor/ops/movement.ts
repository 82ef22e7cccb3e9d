import { move, type MoveAxis, type MoveParams } from '../../kernels/move.js';
import { ShapeError, sizeOf, stridesOf, type Shape } from '../../kernels/shape.js';
import { broadcastStrides } from '../../kernels/strided.js';
import { op, record, run } from '../op.js';
import { viewed, type Tensor } from '../tensor.js';
import { sumTo } from './reduce.js';

const axesOf = (shape: Shape): MoveAxis[] =>
  stridesOf(shape).map((stride, i) => ({ size: shape[i], stride, shift: 0, source: shape[i] }));

/** Each axis of x as it is, but for one. */
const alongAxis = (
  x: Shape,
  axis: number,
  change: Partial<MoveAxis>,
  edge: MoveParams['edge'],
): MoveParams => ({
  axes: axesOf(x).map((a, i) => (i === axis ? { ...a, ...change } : a)),
  edge,
});

const moved = (x: Tensor, params: MoveParams): Tensor => run(move, [x], params);

/** The same elements, row-major, under another shape. No copy. @throws ShapeError if the sizes differ */
export function reshape(x: Tensor, shape: Shape): Tensor {
  if (sizeOf(shape) !== x.storage.size)
    throw new ShapeError('reshape', `a shape of ${x.storage.size} elements`, shape, x.shape);
  return record('reshape', [x], viewed(x, shape), (g) => [viewed(g, x.shape)]);
}

/** y's axis i is x's axis `order[i]`. ∂/∂x: the inverse permutation of g. */
export function permute(x: Tensor, order: readonly number[]): Tensor {
  if ([...order].sort((a, b) => a - b).join() !== x.shape.map((_, i) => i).join())
    throw new ShapeError('permute', `the axes of x in some order, not (${order.join(', ')})`, x.shape);
  const axes = axesOf(x.shape);
  const inverse = order.map((_, i) => order.indexOf(i));
  return op(move, [x], { axes: order.map((i) => axes[i]), edge: 'inside' }, (g) => {
    const back = axesOf(g.shape);
    return [moved(g, { axes: inverse.map((i) => back[i]), edge: 'inside' })];
  });
}

/** x with its last two axes exchanged, without a record. */
export function transposed(x: Tensor): Tensor {
  const axes = axesOf(x.shape);
  return moved(x, {
    axes: [...axes.slice(0, -2), axes[axes.length - 1], axes[axes.length - 2]],
    edge: 'inside',
  });
}

/** Elements start … end−1 along `axis`. ∂/∂x: g with zeros around it, which are left out where other slices fill them. */
export function slice(x: Tensor, axis: number, start: number, end: number): Tensor {
  const n = x.shape[axis];
  if (!(start >= 0 && start < end && end <= n))
    throw new ShapeError(
      'slice',
      `0 ≤ start < end ≤ ${n} along axis ${axis}, not ${start} … ${end}`,
      x.shape,
    );
  const params = alongAxis(x.shape, axis, { size: end - start, shift: start }, 'inside');
  return op(move, [x], params, (g) => [{ part: g, axis, start, shape: x.shape }]);
}

/** x with zeros around it along `axis`, without a record. */
export const zeroPadded = (x: Tensor, axis: number, before: number, after: number): Tensor =>
  moved(x, alongAxis(x.shape, axis, { size: before + x.shape[axis] + after, shift: -before }, 'zero'));

/** Zeros before and after, along `axis`. ∂/∂x: the part of g that x fills. */
export function padZero(x: Tensor, axis: number, before: number, after: number): Tensor {
  const y = zeroPadded(x, axis, before, after);
  return record('padZero', [x], y, (g) => [
    moved(g, alongAxis(g.shape, axis, { size: x.shape[axis], shift: before }, 'inside')),
  ]);
}

/** Cyclic shift: y[i] = x[(i − shift) mod n] along each of `axes`. ∂/∂x: g shifted back. */
export function roll(x: Tensor, axes: number | readonly number[], shift: number): Tensor {
  const rolled = [axes].flat();
  const by = (s: number): MoveParams => ({
    axes: axesOf(x.shape).map((a, i) =>
      rolled.includes(i) ? { ...a, shift: ((s % a.size) + a.size) % a.size } : a,
    ),
    edge: 'wrap',
  });
  return op(move, [x], by(-shift), (g) => [moved(g, by(shift))]);
}

/** x repeated along its axes of size 1 until it has `shape`, right-aligned. ∂/∂x: g summed over the repeats. */
export function broadcastTo(x: Tensor, shape: Shape): Tensor {
  const strides = broadcastStrides(x.shape, shape);
  const fits = x.shape.every((d, i) => d === 1 || d === shape[i + shape.length - x.shape.length]);
  if (!fits || x.shape.length > shape.length)
    throw new ShapeError('broadcastTo', 'a shape that stretches', x.shape, shape);
  const axes = shape.map((size, i) => ({ size, stride: strides[i], shift: 0, source: size }));
  return op(move, [x], { axes, edge: 'inside' }, (g) => [sumTo(g, x.shape)]);
}

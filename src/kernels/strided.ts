/**
 * Index arithmetic that broadcasting and data movement share: a walk over an output, row-major, while each
 * input is walked with strides of its own.
 */
import { ShapeError, type Shape } from './shape.js';

/** One axis of a walk: its size in the output and the stride of each input, in elements. */
export interface Axis {
  readonly size: number;
  readonly strides: readonly number[];
  /** Set for an axis that is treated in a way of its own and so must not merge with its neighbours. */
  readonly alone?: boolean;
}

/** WGSL kernels walk at most this many axes; adjacent ones are merged where their strides allow it. */
export const MOST_AXES = 7;

/**
 * The same walk with as few axes as possible: axes of size 1 vanish, and an axis merges into its inner
 * neighbour where, for every input, it steps on from where that one ends. Innermost axis first.
 */
export function mergeAxes<A extends Axis>(axes: readonly A[], where: string): A[] {
  const merged: A[] = [];
  for (const axis of axes.toReversed()) {
    if (axis.size === 1 && !axis.alone) continue;
    const inner = merged.at(-1);
    const follows =
      inner && !inner.alone && axis.strides.every((stride, i) => stride === inner.strides[i] * inner.size);
    if (follows && !axis.alone) merged[merged.length - 1] = { ...inner, size: inner.size * axis.size };
    else merged.push(axis);
  }
  if (merged.length > MOST_AXES)
    throw new ShapeError(
      where,
      `at most ${MOST_AXES} axes that cannot be merged`,
      axes.map(({ size }) => size),
    );
  return merged;
}

/**
 * So many steps along the innermost axis, a row, go to one invocation: finding out where they are costs a software driver
 * more than a step does.
 */
const RUN = 4;

/** How invocations share a walk: each takes every `runs`-th step of a row. */
export interface Runs {
  /** Steps of a row. */
  readonly row: number;
  /** Invocations that share a row. */
  readonly runs: number;
  /** Invocations in all. */
  readonly count: number;
}

/** @param sizes of the axes, innermost first; none is a single step */
export function inRuns([row = 1, ...outer]: readonly number[]): Runs {
  const runs = Math.ceil(row / RUN);
  return { row, runs, count: outer.reduce((n, size) => n * size, runs) };
}

/** The axes, four numbers each, as an `array<vec4u, MOST_AXES>` of a uniform block, unused ones zero. */
export const axisBlock = (axes: readonly (readonly number[])[]): number[] =>
  Array.from({ length: MOST_AXES }, (_, d) => axes.at(d) ?? [0, 0, 0, 0]).flat();

/** numpy's rule: shapes are aligned at the right, and an axis of size 1 stretches. @throws ShapeError */
export function broadcastShapes(where: string, a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const da = a[i - rank + a.length] ?? 1;
    const db = b[i - rank + b.length] ?? 1;
    if (da !== db && da !== 1 && db !== 1) throw new ShapeError(where, 'shapes that broadcast', a, b);
    return da === 1 ? db : da;
  });
}

/** Strides with which `shape` is walked as if it had shape `out`: 0 along stretched axes. */
export function broadcastStrides(shape: Shape, out: Shape): number[] {
  const strides = new Array<number>(out.length).fill(0);
  let stride = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    if (shape[i] !== 1) strides[i + out.length - shape.length] = stride;
    stride *= shape[i];
  }
  return strides;
}

/** Calls `visit(i, offsets)` for each output index i with the offset of each input. Reused array: do not keep it. */
export function walk(
  axes: readonly Axis[],
  inputs: number,
  visit: (i: number, offsets: number[]) => void,
): void {
  const count = axes.reduce((n, { size }) => n * size, 1);
  const offsets = new Array<number>(inputs).fill(0);
  for (let i = 0; i < count; i++) {
    offsets.fill(0);
    let rest = i;
    for (let d = axes.length - 1; d >= 0; d--) {
      const { size, strides } = axes[d];
      const c = rest % size;
      rest = (rest - c) / size;
      for (let k = 0; k < inputs; k++) offsets[k] += c * strides[k];
    }
    visit(i, offsets);
  }
}

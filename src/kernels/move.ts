/**
 * Moves elements without changing them. For the output element at coordinates c,
 *
 *   y[c] = x[ Σ_d stride_d · source_d(c_d) ],   source_d(c) = c + shift_d
 *
 * where a source coordinate outside 0 … size_d − 1 gives 0 (`edge: 'zero'`), wraps around (`'wrap'`), or cannot
 * happen (`'inside'`). Permutation, slice, zero padding, cyclic shift and broadcast are all of this form.
 */
import type { Kernel } from './kernel.js';
import { sizeOf, type Shape } from './shape.js';
import { fold, uniforms } from './source.js';
import { axisBlock, inRuns, mergeAxes, MOST_AXES, type Axis } from './strided.js';

export interface MoveAxis {
  /** Size of the output along this axis. */
  readonly size: number;
  /** Elements of x per step. 0 repeats. */
  readonly stride: number;
  /** Source coordinate of output coordinate 0. */
  readonly shift: number;
  /** Size of x along this axis. */
  readonly source: number;
}

export interface MoveParams {
  readonly axes: readonly MoveAxis[];
  readonly edge: 'inside' | 'zero' | 'wrap';
}

const WG = 256;

/** How one axis adds to the index `at`, given the output coordinate c and axis = (size, stride, shift, source). */
const step = {
  inside: 'at += c * axis.y;',
  // A shift below zero wraps to a huge u32, which the comparison rejects.
  zero: 'let s = c + axis.z; inside = inside && s < axis.w; at += s * axis.y;',
  wrap: 'var s = c + axis.z; if (s >= axis.w) { s -= axis.w; } at += s * axis.y;',
};

/**
 * What is stored at once, and how it is read: `single`, one element; `vector`, a vec4 of x; `repeat`, four times the same
 * element; `gather`, four elements.
 */
type Load = 'single' | 'vector' | 'repeat' | 'gather';

/** What the c-th store of a row stores. */
const loads: Record<Load, string> = {
  single: 'element(axis, at, inside, c)',
  vector: 'element(axis, at, inside, c)',
  repeat: 'same',
  gather: `vec4f(element(axis, at, inside, 4u * c), element(axis, at, inside, 4u * c + 1u),
      element(axis, at, inside, 4u * c + 2u), element(axis, at, inside, 4u * c + 3u))`,
};

const source = (edge: MoveParams['edge'], load: Load): string => `
alias X = ${load === 'vector' ? 'vec4f' : 'f32'};
alias Y = ${load === 'single' ? 'f32' : 'vec4f'};
override WG: u32 = ${WG}u;
override RANK: u32;
struct Params { count: u32, offset: u32, row: u32, runs: u32, axes: array<vec4u, ${MOST_AXES}> }
@group(0) @binding(0) var<storage, read> x: array<X>;
@group(0) @binding(1) var<storage, read_write> y: array<Y>;
@group(0) @binding(2) var<uniform> p: Params;

fn element(axis: vec4u, start: u32, within: bool, c: u32) -> X {
  var at = start;
  var inside = within;
  ${step[edge]}
  return ${edge === 'zero' ? 'select(X(), x[select(0u, at, inside)], inside)' : 'x[at]'};
}

// A row is the innermost axis, axes[0]. It takes p.row stores, of which one invocation makes every p.runs-th.
@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) local: u32) {
  let i = (group.x + group.y * groups.x) * WG + local;
  if (i >= p.count) { return; }
  let row = i / p.runs;
  var rest = row;
  var at = p.offset;
  var inside = true;
  for (var d = 1u; d < RANK; d++) {
    let axis = p.axes[d];
    let next = rest / axis.x;
    let c = rest - next * axis.x;
    rest = next;
    ${step[edge]}
  }
  let axis = p.axes[0];
  ${load === 'repeat' ? 'let same = vec4f(element(axis, at, inside, 0u));' : ''}
  for (var c = i - row * p.runs; c < p.row; c += p.runs) { y[row * p.row + c] = ${loads[load]}; }
}
`;

const variants = (edge: MoveParams['edge']): Record<Load, string> => ({
  single: source(edge, 'single'),
  vector: source(edge, 'vector'),
  repeat: source(edge, 'repeat'),
  gather: source(edge, 'gather'),
});

const sources = { inside: variants('inside'), zero: variants('zero'), wrap: variants('wrap') };

/** The widest load that suits these axes, innermost first, walked from `offset` on. */
function loadOf(offset: number, [inner, ...outer]: readonly WalkedAxis[]): Load {
  if (inner.size % 4 !== 0) return 'single';
  const [stride] = inner.strides;
  if (stride === 0) return 'repeat';
  const starts = [offset, inner.shift, inner.source, ...outer.map(({ strides }) => strides[0])];
  return stride === 1 && starts.every((start) => start % 4 === 0) ? 'vector' : 'gather';
}

interface WalkedAxis extends Axis {
  readonly shift: number;
  readonly source: number;
}

/** What is left of the axes of a single element. */
const POINT: WalkedAxis = { size: 1, strides: [1], shift: 0, source: 1 };

/** The same walk with as few axes as possible, innermost first. A merged axis has no shift and takes all of its source. */
function merged(axes: readonly WalkedAxis[]): WalkedAxis[] {
  const few = mergeAxes(axes, 'move').map((axis) => (axis.alone ? axis : { ...axis, source: axis.size }));
  return few.length > 0 ? few : [POINT];
}

/** The same walk in steps of a vec4: for axes that `loadOf` calls vectors. */
const inVectors = ([inner, ...outer]: readonly WalkedAxis[]): WalkedAxis[] =>
  merged([
    ...outer.map((axis) => ({ ...axis, strides: [axis.strides[0] / 4] })).toReversed(),
    { ...inner, size: inner.size / 4, shift: inner.shift / 4, source: inner.source / 4 },
  ]);

const outShape = (axes: readonly MoveAxis[]): Shape => axes.map(({ size }) => size);

export const move: Kernel<MoveParams> = {
  name: 'move',
  outShape: (_, { axes }) => outShape(axes),
  launch(_, { axes, edge }) {
    // Where no coordinate can leave x, all shifts are one offset, and every axis may merge with the next.
    const plain = edge === 'inside';
    const offset = plain ? axes.reduce((sum, { stride, shift }) => sum + stride * shift, 0) : 0;
    const elements = merged(
      axes.map(({ size, stride, shift, source }) => ({
        size,
        strides: [stride],
        shift: plain ? 0 : shift,
        source,
        alone: !plain && (shift !== 0 || size !== source),
      })),
    );
    const load = loadOf(offset, elements);
    const walked = load === 'vector' ? inVectors(elements) : elements;
    const [first, ...outer] = walked.map(({ size }) => size);
    const stores = load === 'repeat' || load === 'gather' ? first / 4 : first;
    const { row, runs, count } = inRuns([stores, ...outer]);
    const block = axisBlock(
      walked.map(({ size, strides, shift, source }) => [size, strides[0], shift, source]),
    );
    return {
      wgsl: sources[edge][load],
      workgroups: fold(Math.ceil(count / WG)),
      constants: { RANK: walked.length },
      uniforms: uniforms(count, load === 'vector' ? offset / 4 : offset, row, runs, ...block),
    };
  },
  reference([x], _, { axes, edge }) {
    const y = new Float64Array(sizeOf(outShape(axes)));
    for (let i = 0; i < y.length; i++) {
      let rest = i;
      let from = 0;
      let inside = true;
      for (let d = axes.length - 1; d >= 0; d--) {
        const { size, stride, shift, source } = axes[d];
        const c = (rest % size) + shift;
        rest = Math.floor(rest / size);
        inside &&= edge !== 'zero' || (c >= 0 && c < source);
        from += stride * (edge === 'wrap' ? c % source : c);
      }
      if (inside) y[i] = x[from];
    }
    return y;
  },
  roundings: () => 0,
};

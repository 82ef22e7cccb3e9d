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
import { inQuads, mergeAxes, MOST_AXES, type Axis } from './strided.js';

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
 * How the output's next element, or its next four, are read: `vector`, from one vec4 of x; `repeat`, four times the same
 * element; `gather`, four elements.
 */
type Load = 'single' | 'vector' | 'repeat' | 'gather';

/** What is read at index `at`, which is in units of x. An index outside is not read. */
const loads: Record<Load, string> = {
  single: 'x[at]',
  vector: 'x[at]',
  repeat: 'vec4f(x[at])',
  gather: 'vec4f(x[at], x[at + p.step], x[at + 2u * p.step], x[at + 3u * p.step])',
};

const source = (edge: MoveParams['edge'], load: Load): string => `
override WG: u32 = ${WG}u;
override RANK: u32;
struct Params { count: u32, offset: u32, step: u32, pad0: u32, axes: array<vec4u, ${MOST_AXES}> }
@group(0) @binding(0) var<storage, read> x: array<${load === 'vector' ? 'vec4f' : 'f32'}>;
@group(0) @binding(1) var<storage, read_write> y: array<${load === 'single' ? 'f32' : 'vec4f'}>;
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) local: u32) {
  let i = (group.x + group.y * groups.x) * WG + local;
  if (i >= p.count) { return; }
  var rest = i;
  var at = p.offset;
  var inside = true;
  for (var d = 0u; d < RANK; d++) {
    let axis = p.axes[d];
    let next = rest / axis.x;
    let c = rest - next * axis.x;
    rest = next;
    ${step[edge]}
  }
  ${edge === 'zero' ? `at = select(0u, at, inside);\n  y[i] = select(${load === 'single' ? '0.0' : 'vec4f()'}, ${loads[load]}, inside);` : `y[i] = ${loads[load]};`}
}
`;

const variants = (edge: MoveParams['edge']): Record<Load, string> => ({
  single: source(edge, 'single'),
  vector: source(edge, 'vector'),
  repeat: source(edge, 'repeat'),
  gather: source(edge, 'gather'),
});

const sources = { inside: variants('inside'), zero: variants('zero'), wrap: variants('wrap') };

/** How to read for four neighbours of the output, `quads` walked in strides of x from `offset` on. */
function loadOf(neighbour: number, offset: number, quads: readonly Axis[]): Load {
  if (neighbour === 0) return 'repeat';
  const whole = [offset, ...quads.map(({ strides }) => strides[0])].every((step) => step % 4 === 0);
  return neighbour === 1 && whole ? 'vector' : 'gather';
}

const outShape = (axes: readonly MoveAxis[]): Shape => axes.map(({ size }) => size);

export const move: Kernel<MoveParams> = {
  name: 'move',
  outShape: (_, { axes }) => outShape(axes),
  launch(_, { axes, edge }) {
    // Where no coordinate can leave x, all shifts are one offset, and every axis may merge with the next.
    const plain = edge === 'inside';
    const offset = plain ? axes.reduce((sum, { stride, shift }) => sum + stride * shift, 0) : 0;
    const steps = axes.map(({ size, stride, shift, source }) => ({
      size,
      strides: [stride],
      shift: plain ? 0 : shift,
      source,
      alone: !plain && (shift !== 0 || size !== source),
    }));
    // A merged axis has no shift, and its source is as large as itself.
    const merged = mergeAxes(steps, 'move').map((a) => (a.alone ? a : { ...a, source: a.size }));
    const quads = inQuads(merged);
    const walked = quads ?? merged;
    const count = walked.reduce((n, { size }) => n * size, 1);
    const [neighbour] = merged.length > 0 ? merged[0].strides : [0];
    const load = quads ? loadOf(neighbour, offset, quads) : 'single';
    const unit = load === 'vector' ? 4 : 1;
    const block = Array.from({ length: MOST_AXES }, (_, d) => {
      const axis = walked.at(d);
      return axis ? [axis.size, axis.strides[0] / unit, axis.shift, axis.source] : [0, 0, 0, 0];
    });
    return {
      wgsl: sources[edge][load],
      workgroups: fold(Math.ceil(count / WG)),
      constants: { RANK: walked.length },
      uniforms: uniforms(count, offset / unit, neighbour, 0, ...block.flat()),
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

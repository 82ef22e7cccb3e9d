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
import { inQuads, mergeAxes, MOST_AXES } from './strided.js';

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

/** The element or the four neighbours at index `at`. An index outside is not read. */
const load = (quads: boolean): string =>
  quads ? 'vec4f(x[at], x[at + p.step], x[at + 2u * p.step], x[at + 3u * p.step])' : 'x[at]';

const source = (edge: MoveParams['edge'], quads: boolean): string => `
override WG: u32 = ${WG}u;
override RANK: u32;
struct Params { count: u32, offset: u32, step: u32, pad0: u32, axes: array<vec4u, ${MOST_AXES}> }
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<${quads ? 'vec4f' : 'f32'}>;
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
  ${edge === 'zero' ? `at = select(0u, at, inside);\n  y[i] = select(${quads ? 'vec4f()' : '0.0'}, ${load(quads)}, inside);` : `y[i] = ${load(quads)};`}
}
`;

const sources = {
  inside: { quads: source('inside', true), single: source('inside', false) },
  zero: { quads: source('zero', true), single: source('zero', false) },
  wrap: { quads: source('wrap', true), single: source('wrap', false) },
};

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
    const block = Array.from({ length: MOST_AXES }, (_, d) => {
      const axis = walked.at(d);
      return axis ? [axis.size, axis.strides[0], axis.shift, axis.source] : [0, 0, 0, 0];
    });
    return {
      wgsl: sources[edge][quads ? 'quads' : 'single'],
      workgroups: fold(Math.ceil(count / WG)),
      constants: { RANK: walked.length },
      uniforms: uniforms(count, offset, neighbour, 0, ...block.flat()),
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

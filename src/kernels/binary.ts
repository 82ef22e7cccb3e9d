/**
 * Arithmetic of two arrays with numpy's broadcasting:  y = a + b,  a − b,  a b,  a / b.
 *
 * Pointwise where four neighbours of the result need one load of each; else two WGSL variants, with four neighbours per
 * invocation and one by one.
 */
import type { Kernel } from './kernel.js';
import { launchOne, spreadOf, type Pointwise } from './pointwise.js';
import { sameShape, sizeOf, type Shape } from './shape.js';
import { fold, uniforms } from './source.js';
import {
  broadcastShapes,
  broadcastStrides,
  inQuads,
  mergeAxes,
  MOST_AXES,
  walk,
  type Axis,
} from './strided.js';

interface Arithmetic {
  readonly f: (a: number, b: number) => number;
  readonly wgsl: string;
  readonly roundings: number;
  /** Σ|terms|, where terms can cancel. */
  readonly scale?: (a: number, b: number) => number;
}

// prettier-ignore
const arithmetic = {
  add: { f: (a, b) => a + b, wgsl: 'a + b', roundings: 1, scale: (a, b) => Math.abs(a) + Math.abs(b) },
  sub: { f: (a, b) => a - b, wgsl: 'a - b', roundings: 1, scale: (a, b) => Math.abs(a) + Math.abs(b) },
  mul: { f: (a, b) => a * b, wgsl: 'a * b', roundings: 1 },
  div: { f: (a, b) => a / b, wgsl: 'a / b', roundings: 5 },
} as const satisfies Record<string, Arithmetic>;

export type BinaryName = keyof typeof arithmetic;

const WG = 256;

const broadcast = (expression: string, quads: boolean): string => `
override WG: u32 = ${WG}u;
override RANK: u32;
struct Params { count: u32, pad0: u32, stepA: u32, stepB: u32, axes: array<vec4u, ${MOST_AXES}> }  // size, stride of a, of b
@group(0) @binding(0) var<storage, read> as_: array<f32>;
@group(0) @binding(1) var<storage, read> bs: array<f32>;
@group(0) @binding(2) var<storage, read_write> ys: array<${quads ? 'vec4f' : 'f32'}>;
@group(0) @binding(3) var<uniform> p: Params;

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) local: u32) {
  let i = (group.x + group.y * groups.x) * WG + local;
  if (i >= p.count) { return; }
  var rest = i;
  var ia = 0u;
  var ib = 0u;
  for (var d = 0u; d < RANK; d++) {
    let axis = p.axes[d];
    let next = rest / axis.x;
    let c = rest - next * axis.x;
    rest = next;
    ia += c * axis.y;
    ib += c * axis.z;
  }
${
  quads
    ? `  let a = vec4f(as_[ia], as_[ia + p.stepA], as_[ia + 2u * p.stepA], as_[ia + 3u * p.stepA]);
  let b = vec4f(bs[ib], bs[ib + p.stepB], bs[ib + 2u * p.stepB], bs[ib + 3u * p.stepB]);`
    : `  let a = as_[ia];
  let b = bs[ib];`
}
  ys[i] = ${expression};
}
`;

const axesOf = (where: string, a: Shape, b: Shape): Axis[] => {
  const out = broadcastShapes(where, a, b);
  const sa = broadcastStrides(a, out);
  const sb = broadcastStrides(b, out);
  return out.map((size, i) => ({ size, strides: [sa[i], sb[i]] }));
};

function kernel(name: BinaryName): Kernel {
  const { f, wgsl, roundings, scale }: Arithmetic = arithmetic[name];
  const whole: Pointwise = { name, wgsl: `fn ${name}(a: T, b: T) -> T { return ${wgsl}; }`, scalars: [] };
  const pointwise = ([a, b]: readonly Shape[]): Pointwise | undefined => {
    if (sameShape(a, b)) return whole;
    const out = broadcastShapes(name, a, b);
    const [sa, sb] = [spreadOf(a, out), spreadOf(b, out)];
    return sa === 'otherwise' || sb === 'otherwise' ? undefined : { ...whole, spreads: [sa, sb] };
  };
  const sources = { quads: broadcast(wgsl, true), single: broadcast(wgsl, false) };
  const each = (g: (a: number, b: number) => number): Kernel['reference'] => {
    return ([a, b], [sa, sb]) => {
      const y = new Float64Array(sizeOf(broadcastShapes(name, sa, sb)));
      walk(axesOf(name, sa, sb), 2, (i, [ia, ib]) => (y[i] = g(a[ia], b[ib])));
      return y;
    };
  };
  return {
    name,
    outShape: ([a, b]) => broadcastShapes(name, a, b),
    pointwise,
    launch([a, b]) {
      const each = pointwise([a, b]);
      if (each) return launchOne(each, 2, sizeOf(broadcastShapes(name, a, b)));
      const merged = mergeAxes(axesOf(name, a, b), name);
      const quads = inQuads(merged);
      const axes = quads ?? merged;
      const count = axes.reduce((n, { size }) => n * size, 1);
      const [stepA, stepB] = merged.length > 0 ? merged[0].strides : [0, 0];
      return {
        wgsl: quads ? sources.quads : sources.single,
        workgroups: fold(Math.ceil(count / WG)),
        constants: { RANK: axes.length },
        uniforms: uniforms(count, 0, stepA, stepB, ...padded(axes)),
      };
    },
    reference: each(f),
    roundings: () => roundings,
    ...(scale ? { errorScale: each(scale) } : {}),
  };
}

/** The axes as the uniform block's array of vec4u, unused ones zero. */
const padded = (axes: readonly Axis[]): number[] =>
  Array.from({ length: MOST_AXES }, (_, d) => {
    const axis = axes.at(d);
    return axis ? [axis.size, ...axis.strides, 0] : [0, 0, 0, 0];
  }).flat();

export const binary: Record<BinaryName, Kernel> = {
  add: kernel('add'),
  sub: kernel('sub'),
  mul: kernel('mul'),
  div: kernel('div'),
};

/**
 * Arithmetic of two arrays with numpy's broadcasting:  y = a + b,  a − b,  a b,  a / b.
 *
 * Equal shapes are pointwise. Broadcast goes four at a time, where one of the two may be a single element for all four,
 * or one by one; it joins a pointwise chain where that needs one load of each.
 */
import type { Kernel } from './kernel.js';
import { launchOne, spreadOf, type Pointwise } from './pointwise.js';
import { sameShape, sizeOf, type Shape } from './shape.js';
import { fold, uniforms } from './source.js';
import {
  axisBlock,
  broadcastShapes,
  broadcastStrides,
  inRuns,
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

/** What each step of a walk reads of a, reads of b, and stores: one element; or four, of which a or b may have one for all. */
const units = {
  single: ['f32', 'f32', 'f32'],
  vectors: ['vec4f', 'vec4f', 'vec4f'],
  repeatA: ['f32', 'vec4f', 'vec4f'],
  repeatB: ['vec4f', 'f32', 'vec4f'],
} as const;

type Way = keyof typeof units;

const broadcast = (expression: string, [A, B, Y]: (typeof units)[Way]): string => `
alias A = ${A};
alias B = ${B};
alias Y = ${Y};
override WG: u32 = ${WG}u;
override RANK: u32;
struct Params { count: u32, row: u32, runs: u32, pad0: u32, axes: array<vec4u, ${MOST_AXES}> }  // size, stride of a, of b
@group(0) @binding(0) var<storage, read> as_: array<A>;
@group(0) @binding(1) var<storage, read> bs: array<B>;
@group(0) @binding(2) var<storage, read_write> ys: array<Y>;
@group(0) @binding(3) var<uniform> p: Params;

// A row is the innermost axis, axes[0]. It takes p.row steps, of which one invocation takes every p.runs-th.
@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) local: u32) {
  let i = (group.x + group.y * groups.x) * WG + local;
  if (i >= p.count) { return; }
  let row = i / p.runs;
  var rest = row;
  var ia = 0u;
  var ib = 0u;
  for (var d = 1u; d < RANK; d++) {
    let axis = p.axes[d];
    let next = rest / axis.x;
    let c = rest - next * axis.x;
    rest = next;
    ia += c * axis.y;
    ib += c * axis.z;
  }
  let axis = p.axes[0];
  for (var c = i - row * p.runs; c < p.row; c += p.runs) {
    let a = Y(as_[ia + c * axis.y]);
    let b = Y(bs[ib + c * axis.z]);
    ys[row * p.row + c] = ${expression};
  }
}
`;

const axesOf = (where: string, a: Shape, b: Shape): Axis[] => {
  const out = broadcastShapes(where, a, b);
  const sa = broadcastStrides(a, out);
  const sb = broadcastStrides(b, out);
  return out.map((size, i) => ({ size, strides: [sa[i], sb[i]] }));
};

/** How to walk these axes, innermost first. The stride of each array along the innermost is 1, or 0 where it repeats. */
function wayOf(axes: readonly Axis[]): Way {
  const inner = axes.at(0);
  if (!inner || inner.size % 4 !== 0) return 'single';
  const [a, b] = inner.strides;
  if (a === 0) return 'repeatA';
  return b === 0 ? 'repeatB' : 'vectors';
}

/** The same walk four elements at a time, strides in units of what is read. */
const inQuads = ([inner, ...outer]: readonly Axis[]): Axis[] => [
  { ...inner, size: inner.size / 4 },
  ...outer.map((axis) => ({
    ...axis,
    strides: axis.strides.map((stride, i) => (inner.strides[i] === 1 ? stride / 4 : stride)),
  })),
];

function kernel(name: BinaryName): Kernel {
  const { f, wgsl, roundings, scale }: Arithmetic = arithmetic[name];
  const whole: Pointwise = { name, wgsl: `fn ${name}(a: T, b: T) -> T { return ${wgsl}; }`, scalars: [] };
  const pointwise = ([a, b]: readonly Shape[]): Pointwise | undefined => {
    if (sameShape(a, b)) return whole;
    const out = broadcastShapes(name, a, b);
    const [sa, sb] = [spreadOf(a, out), spreadOf(b, out)];
    return sa === 'otherwise' || sb === 'otherwise' ? undefined : { ...whole, spreads: [sa, sb] };
  };
  const sources = {
    single: broadcast(wgsl, units.single),
    vectors: broadcast(wgsl, units.vectors),
    repeatA: broadcast(wgsl, units.repeatA),
    repeatB: broadcast(wgsl, units.repeatB),
  };
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
      if (sameShape(a, b)) return launchOne(whole, 2, sizeOf(a));
      const elements = mergeAxes(axesOf(name, a, b), name);
      const way = wayOf(elements);
      const axes = way === 'single' ? elements : mergeAxes(inQuads(elements).toReversed(), name);
      const { row, runs, count } = inRuns(axes.map(({ size }) => size));
      return {
        wgsl: sources[way],
        workgroups: fold(Math.ceil(count / WG)),
        constants: { RANK: axes.length },
        uniforms: uniforms(
          count,
          row,
          runs,
          0,
          ...axisBlock(axes.map(({ size, strides }) => [size, ...strides, 0])),
        ),
      };
    },
    reference: each(f),
    roundings: () => roundings,
    ...(scale ? { errorScale: each(scale) } : {}),
  };
}

export const binary: Record<BinaryName, Kernel> = {
  add: kernel('add'),
  sub: kernel('sub'),
  mul: kernel('mul'),
  div: kernel('div'),
};

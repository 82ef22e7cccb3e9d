import type { Direction } from './conv3x3.js';
import { loadRow, repeat, shifted } from './rows3x3.js';

const CHANNELS = 8;

/**
 * y[n, o, r, c] = b[o] + Σ_{i, u, v} w[o, i, u, v] x[n, i, r + u − 1, c + v − 1]
 *
 * Each invocation holds 8 output channels × 2 rows × 4 columns in registers. Per input channel it loads four
 * rows of x (a vec4 and its two neighbours) and, for each tap, the weights of its 8 channels: with `shared`,
 * one lane of the subgroup loads one of them and the others fetch it by broadcast. For the gradient by x, tap t
 * takes the weight of tap 8 − t, and there is no bias.
 */
export const conv3x3Source = (direction: Direction, shared: boolean): string =>
  variants[direction][shared ? 1 : 0];

const source = (direction: Direction, shared: boolean): string => {
  const forward = direction === 'forward';
  const tap = (t: number): number => (forward ? t : 8 - t);
  const weight = (k: number, t: number): string =>
    shared ? `subgroupBroadcast(wl, ${k}u)` : `w[w${k} + at + ${tap(t)}u]`;
  const output = forward ? 3 : 2;
  return `${shared ? 'enable subgroups;' : ''}
struct Params { tiles: u32, ins: u32, outs: u32, h: u32, w4: u32, inStep: u32, outStep: u32, last: u32, groups: u32 }

@group(0) @binding(0) var<storage, read> x: array<vec4f>;                    // [n, groups · ins, h, w / 4]
@group(0) @binding(1) var<storage, read> w: array<f32>;                      // [co, ci / groups, 3, 3]
${forward ? '@group(0) @binding(2) var<storage, read> b: array<f32>;                      // [groups · outs]' : ''}
@group(0) @binding(${output}) var<storage, read_write> y: array<vec4f>;              // [n, groups · outs, h, w / 4]
@group(0) @binding(${output + 1}) var<uniform> p: Params;

@compute @workgroup_size(32)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) local: u32${shared ? ', @builtin(subgroup_invocation_id) lane: u32' : ''}) {
  let index = (group.x + group.y * groups.x) * 32u + local;
  let tile = min(index, p.tiles - 1u); // surplus lanes work along, for the sake of the broadcasts
  let q = tile % p.w4;
  let pairs = (p.h + 1u) / 2u;
  let r = tile / p.w4 % pairs * 2u;
  let blocks = (p.outs + ${CHANNELS - 1}u) / ${CHANNELS}u;
  let o = group.z % blocks * ${CHANNELS}u;
  let g = group.z / blocks;                          // group of channels
  let item = tile / (p.w4 * pairs) * p.groups + g;
  let weights = g * p.ins * p.outs * 9u;
${
  shared
    ? `  let mine = weights + min(o + lane % ${CHANNELS}u, p.outs - 1u) * p.outStep;`
    : repeat(CHANNELS, (k) => `  let w${k} = weights + min(o + ${k}u, p.outs - 1u) * p.outStep;`)
}
${repeat(CHANNELS, (k) => {
  const start = forward ? `vec4f(b[g * p.outs + min(o + ${k}u, p.outs - 1u)])` : 'vec4f()';
  return `  var s${k} = ${start};\n  var z${k} = s${k};`;
})}
  for (var i = 0u; i < p.ins; i++) {
    let plane = (item * p.ins + i) * p.h * p.w4;
    let at = i * p.inStep;
${repeat(4, (k) => loadRow('x', k, `(i32(r) + ${k - 1})`, 'plane', 'q'))}
${repeat(9, (t) => {
  const [u, v] = [Math.floor(t / 3), t % 3];
  return `    {
      let upper = ${shifted(u, v)};
      let lower = ${shifted(u + 1, v)};
${shared ? `      let wl = w[mine + at + ${tap(t)}u];` : ''}
${repeat(CHANNELS, (k) => `      { let f = ${weight(k, t)}; s${k} += f * upper; z${k} += f * lower; }`)}
    }`;
})}
  }
  if (index >= p.tiles) { return; }
  let second = r + 1u < p.h;
${repeat(
  CHANNELS,
  (k) => `  if (o + ${k}u < p.outs) {
    let to = ((item * p.outs + o + ${k}u) * p.h + r) * p.w4 + q;
    y[to] = s${k};
    if (second) { y[to + p.w4] = z${k}; }
  }`,
)}
}
`;
};

const variants = {
  forward: [source('forward', false), source('forward', true)],
  inputGrad: [source('inputGrad', false), source('inputGrad', true)],
};

const OUTPUTS = 4;

/**
 * gw[n, o, i, u, v] = Σ_{r, c} g[n, o, r, c] x[n, i, r + u − 1, c + v − 1]
 *
 * Each invocation holds the nine taps of 4 output channels and one input channel, and walks over the pixels
 * four columns at a time: a vec4 accumulator per tap, one component per output channel.
 */
export const conv3x3WeightGradSource = `
struct Params { count: u32, ci: u32, co: u32, h: u32, w4: u32, last: u32 }

@group(0) @binding(0) var<storage, read> g: array<vec4f>;       // [n, co, h, w / 4]
@group(0) @binding(1) var<storage, read> x: array<vec4f>;       // [n, ci, h, w / 4]
@group(0) @binding(2) var<storage, read_write> gw: array<f32>;  // [n, co, ci, 3, 3]
@group(0) @binding(3) var<uniform> p: Params;

@compute @workgroup_size(32)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) local: u32) {
  let index = (group.x + group.y * groups.x) * 32u + local;
  if (index >= p.count) { return; }
  let blocks = (p.co + ${OUTPUTS - 1}u) / ${OUTPUTS}u;
  let i = index % p.ci;
  let o = index / p.ci % blocks * ${OUTPUTS}u;
  let n = index / (p.ci * blocks);
  let plane = (n * p.ci + i) * p.h * p.w4;
${repeat(OUTPUTS, (k) => `  let g${k} = (n * p.co + min(o + ${k}u, p.co - 1u)) * p.h * p.w4;`)}
${repeat(9, (t) => `  var s${t} = vec4f();`)}
  for (var r = 0u; r < p.h; r++) {
    for (var q = 0u; q < p.w4; q++) {
      let pixel = r * p.w4 + q;
${repeat(OUTPUTS, (k) => `      let a${k} = g[g${k} + pixel];`)}
${repeat(4, (j) => `      let c${j} = vec4f(${Array.from({ length: OUTPUTS }, (_, k) => `a${k}[${j}]`).join(', ')});`)}
${repeat(3, (u) => loadRow('x', u, `(i32(r) + ${u - 1})`, 'plane', 'q'))}
${repeat(9, (t) => {
  const x = shifted(Math.floor(t / 3), t % 3);
  return `      { let v = ${x}; s${t} += c0 * v.x + c1 * v.y + c2 * v.z + c3 * v.w; }`;
})}
    }
  }
${repeat(
  OUTPUTS,
  (k) => `  if (o + ${k}u < p.co) {
    let to = ((n * p.co + o + ${k}u) * p.ci + i) * 9u;
${repeat(9, (t) => `    gw[to + ${t}u] = s${t}[${k}];`)}
  }`,
)}
}
`;

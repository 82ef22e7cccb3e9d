import type { Direction } from './conv3x3.js';
import { elementOf, loadRow, perReading, repeat, shifted, storeQuad, type Reading } from './rows3x3.js';

const CHANNELS = 8;

/**
 * y[n, o, r, c] = b[o] + Σ_{i, u, v} w[o, i, u, v] x[n, i, r + u − 1, c + v − 1]
 *
 * Each invocation holds 8 output channels × 2 rows × 4 columns in registers. Per input channel it loads four
 * rows of x (a quad and its two neighbours) and, for each tap, the weights of its 8 channels: with `shared`,
 * one lane of the subgroup loads one of them and the others fetch it by broadcast. For the gradient by x, tap t
 * takes the weight of tap 8 − t, and there is no bias.
 *
 * At the end the sums move up past one store: with a store for each of them, all takes twice as long to compile.
 */
export const conv3x3Source = (direction: Direction, shared: boolean, reading: Reading): string =>
  variants[direction][shared ? 1 : 0][reading];

const source = (direction: Direction, shared: boolean, reading: Reading): string => {
  const forward = direction === 'forward';
  const tap = (t: number): number => (forward ? t : 8 - t);
  const weight = (k: number, t: number): string =>
    shared ? `subgroupBroadcast(wl${t}, ${k}u)` : `w[w${k} + at + ${tap(t)}u]`;
  const start = (k: number): string => {
    if (!forward) return 'vec4f()';
    return shared
      ? `vec4f(subgroupBroadcast(bl, ${k}u))`
      : `vec4f(b[g * p.outs + min(o + ${k}u, p.outs - 1u)])`;
  };
  const output = forward ? 3 : 2;
  const T = elementOf[reading];
  return `${shared ? 'enable subgroups;' : ''}
struct Params { tiles: u32, ins: u32, outs: u32, h: u32, w: u32, inStep: u32, outStep: u32, groups: u32 }

@group(0) @binding(0) var<storage, read> x: array<${T}>;                    // [n, groups · ins, h, w]
@group(0) @binding(1) var<storage, read> w: array<f32>;                      // [co, ci / groups, 3, 3]
${forward ? '@group(0) @binding(2) var<storage, read> b: array<f32>;                      // [groups · outs]' : ''}
@group(0) @binding(${output}) var<storage, read_write> y: array<${T}>;              // [n, groups · outs, h, w]
@group(0) @binding(${output + 1}) var<uniform> p: Params;

@compute @workgroup_size(32)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) local: u32${shared ? ', @builtin(subgroup_invocation_id) lane: u32' : ''}) {
  let index = (group.x + group.y * groups.x) * 32u + local;
  let tile = min(index, p.tiles - 1u); // surplus lanes work along, for the sake of the broadcasts
  let quads = (p.w + 3u) / 4u;
  let q = tile % quads;
  let pairs = (p.h + 1u) / 2u;
  let r = tile / quads % pairs * 2u;
  let blocks = (p.outs + ${CHANNELS - 1}u) / ${CHANNELS}u;
  let o = group.z % blocks * ${CHANNELS}u;
  let g = group.z / blocks;                          // group of channels
  let item = tile / (quads * pairs) * p.groups + g;
  let weights = g * p.ins * p.outs * 9u;
${
  shared
    ? `  let mine = weights + min(o + lane % ${CHANNELS}u, p.outs - 1u) * p.outStep;`
    : repeat(CHANNELS, (k) => `  let w${k} = weights + min(o + ${k}u, p.outs - 1u) * p.outStep;`)
}
${forward && shared ? `  let bl = b[g * p.outs + min(o + lane % ${CHANNELS}u, p.outs - 1u)];` : ''}
${repeat(CHANNELS, (k) => `  var s${k} = ${start(k)};\n  var z${k} = s${k};`)}
  for (var i = 0u; i < p.ins; i++) {
    let plane = (item * p.ins + i) * p.h * p.w;
    let at = i * p.inStep;
${repeat(4, (k) => loadRow(reading, k, 'x', 'plane', `(i32(r) + ${k - 1})`, 'q'))}
${shared ? repeat(9, (t) => `    let wl${t} = w[mine + at + ${tap(t)}u];`) : ''}
${repeat(CHANNELS, (k) => {
  const sum = (row: number): string =>
    Array.from({ length: 9 }, (_, t) => `f${t} * ${shifted(row + Math.floor(t / 3), t % 3)}`).join(' + ');
  return `    {
${repeat(9, (t) => `      let f${t} = ${weight(k, t)};`)}
      s${k} += ${sum(0)};
      z${k} += ${sum(1)};
    }`;
})}
  }
  if (index >= p.tiles) { return; }
  for (var k = o; k < min(o + ${CHANNELS}u, p.outs); k++) {
    let to = ((item * p.outs + k) * p.h + r) * p.w;
    ${storeQuad(reading, 'y', 'to', 'q', 's0')}
    if (r + 1u < p.h) { ${storeQuad(reading, 'y', 'to + p.w', 'q', 'z0')} }
${repeat(CHANNELS - 1, (k) => `    s${k} = s${k + 1};\n    z${k} = z${k + 1};`)}
  }
}
`;
};

const readings = (direction: Direction, shared: boolean): Record<Reading, string> =>
  perReading((reading) => source(direction, shared, reading));

const variants = {
  forward: [readings('forward', false), readings('forward', true)],
  inputGrad: [readings('inputGrad', false), readings('inputGrad', true)],
};

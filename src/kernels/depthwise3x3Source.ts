import type { Direction } from './conv3x3.js';
import {
  elementOf,
  loadQuad,
  perReading,
  repeat,
  rowBelow,
  shifted,
  startRows,
  stepDown,
  storeQuad,
  type Reading,
} from './rows3x3.js';

/**
 * y[n, i, r, c] = b[i] + Σ_{u, v} w[i, u, v] x[n, i, r + u − 1, c + v − 1]
 *
 * Each invocation walks down four columns of one channel for `rows` rows, and loads each row of x once. For the
 * gradient by x, tap t takes the weight of tap 8 − t, and there is no bias.
 */
export const depthwise3x3Source = (direction: Direction, reading: Reading): string =>
  variants[direction][reading];

const source = (direction: Direction, reading: Reading): string => {
  const forward = direction === 'forward';
  const output = forward ? 3 : 2;
  const T = elementOf[reading];
  return `
struct Params { count: u32, ci: u32, h: u32, w: u32, rows: u32 }

@group(0) @binding(0) var<storage, read> x: array<${T}>;            // [n, ci, h, w]
@group(0) @binding(1) var<storage, read> w: array<f32>;              // [ci, 1, 3, 3]
${forward ? '@group(0) @binding(2) var<storage, read> b: array<f32>;              // [ci]' : ''}
@group(0) @binding(${output}) var<storage, read_write> y: array<${T}>;      // [n, ci, h, w]
@group(0) @binding(${output + 1}) var<uniform> p: Params;

@compute @workgroup_size(32)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) local: u32) {
  let index = (group.x + group.y * groups.x) * 32u + local;
  if (index >= p.count) { return; }
  let quads = (p.w + 3u) / 4u;
  let parts = (p.h + p.rows - 1u) / p.rows;
  let q = index % quads;
  let first = index / quads % parts * p.rows;
  let channel = index / (quads * parts);
  let plane = channel * p.h * p.w;
  let i = channel % p.ci;
${repeat(9, (t) => `  let w${t} = w[i * 9u + ${forward ? t : 8 - t}u];`)}
  let bias = ${forward ? 'b[i]' : '0.0'};
${startRows(reading, 'i32(first)')}
  for (var r = first; r < min(first + p.rows, p.h); r++) {
${rowBelow(reading, 'i32(r)')}
    let s = bias${Array.from({ length: 9 }, (_, t) => `\n      + w${t} * ${shifted(Math.floor(t / 3), t % 3)}`).join('')};
    ${storeQuad(reading, 'y', 'plane + r * p.w', 'q', 's')}
${stepDown}
  }
}
`;
};

const variants = {
  forward: perReading((reading) => source('forward', reading)),
  inputGrad: perReading((reading) => source('inputGrad', reading)),
};

/** gw[n, i, u, v] = Σ_{r, c} g[n, i, r, c] x[n, i, r + u − 1, c + v − 1], the nine taps of one plane per invocation. */
export const depthwise3x3WeightGradSource = (reading: Reading): string => weightGrad[reading];

const weightGradSource = (reading: Reading): string => `
struct Params { count: u32, h: u32, w: u32 }

@group(0) @binding(0) var<storage, read> g: array<${elementOf[reading]}>;       // [n, ci, h, w]
@group(0) @binding(1) var<storage, read> x: array<${elementOf[reading]}>;       // [n, ci, h, w]
@group(0) @binding(2) var<storage, read_write> gw: array<f32>;  // [n, ci, 1, 3, 3]
@group(0) @binding(3) var<uniform> p: Params;

@compute @workgroup_size(32)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) local: u32) {
  let index = (group.x + group.y * groups.x) * 32u + local;
  if (index >= p.count) { return; }
  let plane = index * p.h * p.w;
${repeat(9, (t) => `  var s${t} = vec4f();`)}
  for (var q = 0u; q < (p.w + 3u) / 4u; q++) {
${startRows(reading, '0')}
    for (var r = 0u; r < p.h; r++) {
${rowBelow(reading, 'i32(r)')}
${loadQuad(reading, 'f', 'g', 'plane', 'i32(r)', 'q')}
${repeat(9, (t) => `      s${t} += f * ${shifted(Math.floor(t / 3), t % 3)};`)}
${stepDown}
    }
  }
${repeat(9, (t) => `  gw[index * 9u + ${t}u] = dot(s${t}, vec4f(1.0));`)}
}
`;

const weightGrad = perReading(weightGradSource);

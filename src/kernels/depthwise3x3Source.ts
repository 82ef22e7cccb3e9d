import type { Direction } from './conv3x3.js';
import { loadRow, repeat, shifted } from './rows3x3.js';

/**
 * y[n, i, r, c] = b[i] + Σ_{u, v} w[i, u, v] x[n, i, r + u − 1, c + v − 1], one vec4 of columns per invocation. For
 * the gradient by x, tap t takes the weight of tap 8 − t, and there is no bias.
 */
export const depthwise3x3Source = (direction: Direction): string => variants[direction];

const source = (direction: Direction): string => {
  const forward = direction === 'forward';
  const output = forward ? 3 : 2;
  return `
struct Params { count: u32, ci: u32, h: u32, w4: u32, last: u32 }

@group(0) @binding(0) var<storage, read> x: array<vec4f>;            // [n, ci, h, w / 4]
@group(0) @binding(1) var<storage, read> w: array<f32>;              // [ci, 1, 3, 3]
${forward ? '@group(0) @binding(2) var<storage, read> b: array<f32>;              // [ci]' : ''}
@group(0) @binding(${output}) var<storage, read_write> y: array<vec4f>;      // [n, ci, h, w / 4]
@group(0) @binding(${output + 1}) var<uniform> p: Params;

@compute @workgroup_size(32)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) local: u32) {
  let index = (group.x + group.y * groups.x) * 32u + local;
  if (index >= p.count) { return; }
  let q = index % p.w4;
  let r = index / p.w4 % p.h;
  let plane = index / (p.w4 * p.h) * p.h * p.w4;
  let i = index / (p.w4 * p.h) % p.ci;
${repeat(3, (u) => loadRow('x', u, `(i32(r) + ${u - 1})`, 'plane', 'q'))}
  var s = ${forward ? 'vec4f(b[i])' : 'vec4f()'};
${repeat(9, (t) => `  s += w[i * 9u + ${forward ? t : 8 - t}u] * ${shifted(Math.floor(t / 3), t % 3)};`)}
  y[index] = s;
}
`;
};

const variants = { forward: source('forward'), inputGrad: source('inputGrad') };

/** gw[n, i, u, v] = Σ_{r, c} g[n, i, r, c] x[n, i, r + u − 1, c + v − 1], the nine taps of one plane per invocation. */
export const depthwise3x3WeightGradSource = `
struct Params { count: u32, ci: u32, h: u32, w4: u32, last: u32 }

@group(0) @binding(0) var<storage, read> g: array<vec4f>;       // [n, ci, h, w / 4]
@group(0) @binding(1) var<storage, read> x: array<vec4f>;       // [n, ci, h, w / 4]
@group(0) @binding(2) var<storage, read_write> gw: array<f32>;  // [n, ci, 1, 3, 3]
@group(0) @binding(3) var<uniform> p: Params;

@compute @workgroup_size(32)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) local: u32) {
  let index = (group.x + group.y * groups.x) * 32u + local;
  if (index >= p.count) { return; }
  let plane = index * p.h * p.w4;
${repeat(9, (t) => `  var s${t} = vec4f();`)}
  for (var r = 0u; r < p.h; r++) {
    for (var q = 0u; q < p.w4; q++) {
      let a = g[plane + r * p.w4 + q];
${repeat(3, (u) => loadRow('x', u, `(i32(r) + ${u - 1})`, 'plane', 'q'))}
${repeat(9, (t) => `      s${t} += a * ${shifted(Math.floor(t / 3), t % 3)};`)}
    }
  }
${repeat(9, (t) => `  gw[index * 9u + ${t}u] = dot(s${t}, vec4f(1.0));`)}
}
`;

/** y = min(max(x, low), high), and its backward gx = g where low ≤ x ≤ high, 0 elsewhere. */
import { launchQuads, sameShapes } from './elementwise.js';
import type { Kernel } from './kernel.js';
import { sizeOf } from './shape.js';
import { f32 } from './source.js';

export interface ClampParams {
  readonly low: number;
  readonly high: number;
}

const program = (inputs: readonly string[], expression: string): string => `
struct Params { quads: u32, low: f32, high: f32 }
${inputs.map((name, i) => `@group(0) @binding(${i}) var<storage, read> ${name}s: array<vec4f>;`).join('\n')}
@group(0) @binding(${inputs.length}) var<storage, read_write> outs: array<vec4f>;
@group(0) @binding(${inputs.length + 1}) var<uniform> p: Params;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) local: u32) {
  let i = (group.x + group.y * groups.x) * 256u + local;
  if (i >= p.quads) { return; }
${inputs.map((name) => `  let ${name} = ${name}s[i];`).join('\n')}
  outs[i] = ${expression};
}
`;

const forward = program(['x'], 'min(max(x, vec4f(p.low)), vec4f(p.high))');
const backward = program(['x', 'g'], 'select(vec4f(), g, (x >= vec4f(p.low)) & (x <= vec4f(p.high)))');

export const clampForward: Kernel<ClampParams> = {
  name: 'clamp',
  outShape: ([x]) => x,
  launch: ([x], { low, high }) => launchQuads(forward, sizeOf(x), [f32(low), f32(high)]),
  reference: ([x], _, { low, high }) => x.map((v) => Math.min(Math.max(v, low), high)),
  roundings: () => 1, // the bounds themselves
};

export const clampBackward: Kernel<ClampParams> = {
  name: 'clampBackward',
  outShape: ([x, g]) => sameShapes('clampBackward', x, g),
  launch: ([x], { low, high }) => launchQuads(backward, sizeOf(x), [f32(low), f32(high)]),
  reference: ([x, g], _, { low, high }) => g.map((v, i) => (x[i] >= low && x[i] <= high ? v : 0)),
  roundings: () => 0,
};

import { launchQuads } from './elementwise.js';
import { narrowing, type ElementType } from './elementType.js';
import type { Kernel } from './kernel.js';
import { sizeOf } from './shape.js';

export interface CastParams {
  readonly type: ElementType;
}

const source = `
override WG: u32 = 256u;
struct Params { quads: u32 }
@group(0) @binding(0) var<storage, read> x: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> y: array<vec4f>;
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) local: u32) {
  let i = (group.x + group.y * groups.x) * WG + local;
  if (i >= p.quads) { return; }
  y[i] = x[i];
}
`;

/** y = x, stored as `type`. In float64 the numbers stay what they are. */
export const cast: Kernel<CastParams> = {
  name: 'cast',
  outShape: ([x]) => x,
  resultType: (_, { type }) => type,
  launch: ([x]) => launchQuads(source, sizeOf(x)),
  reference: ([x]) => x.slice(),
  roundings: (_, { type }) => narrowing(type),
};

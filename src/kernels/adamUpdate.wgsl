// y = x - rate m / (sqrt(grow v) + eps)
//
// Each invocation computes every p.runs-th four neighbouring elements; buffers are padded to a multiple of four.

override WG: u32 = 256u;

struct Params { quads: u32, runs: u32, rate: f32, grow: f32, eps: f32 }

@group(0) @binding(0) var<storage, read>       x: array<vec4f>; // the parameter
@group(0) @binding(1) var<storage, read>       m: array<vec4f>; // first moment
@group(0) @binding(2) var<storage, read>       v: array<vec4f>; // second moment, >= 0
@group(0) @binding(3) var<storage, read_write> y: array<vec4f>;
@group(0) @binding(4) var<uniform>             p: Params;

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) local: u32) {
  let first = (group.x + group.y * groups.x) * WG + local;
  if (first >= p.runs) { return; }
  for (var i = first; i < p.quads; i += p.runs) { y[i] = x[i] - p.rate * m[i] / (sqrt(p.grow * v[i]) + p.eps); }
}

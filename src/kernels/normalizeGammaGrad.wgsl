// y = g (x - m) / sqrt(v + eps): the terms of the gradient of gamma
//
// One invocation per T of x. T and S: see lanes.ts.

override WG: u32 = 64u;

struct Params { count: u32, len: u32, inner: u32, span: u32, channels: u32, eps: f32, perLen: f32 }

@group(0) @binding(0) var<storage, read>       x:     array<T>; // [outer, len, inner]
@group(0) @binding(1) var<storage, read>       stats: array<S>; // [outer, (m, v), inner]
@group(0) @binding(2) var<storage, read>       g:     array<T>; // [outer, len, inner]
@group(0) @binding(3) var<storage, read_write> y:     array<T>; // [outer, len, inner]
@group(0) @binding(4) var<uniform>             p:     Params;

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) local: u32) {
  let e = (group.x + group.y * groups.x) * WG + local;
  if (e >= p.count) { return; }
  let at = e / (p.len * p.inner) * 2u * p.inner + e % p.inner;
  y[e] = g[e] * ((x[e] - stats[at]) * inverseSqrt(stats[at + p.inner] + p.eps));
}

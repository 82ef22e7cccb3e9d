// y = (x - m) / sqrt(v + eps) gamma[c] + beta[c]
//
// One invocation per T of x. T and S: see lanes.ts; C, the type of one or four channels: see normalize.ts.

override WG: u32 = 64u;

struct Params { count: u32, len: u32, inner: u32, span: u32, channels: u32, eps: f32, perLen: f32 }

@group(0) @binding(0) var<storage, read>       x:     array<T>; // [outer, len, inner]
@group(0) @binding(1) var<storage, read>       stats: array<S>; // [outer, (m, v), inner]
@group(0) @binding(2) var<storage, read>       gamma: array<C>; // [channels]
@group(0) @binding(3) var<storage, read>       beta:  array<C>; // [channels]
@group(0) @binding(4) var<storage, read_write> y:     array<T>; // [outer, len, inner]
@group(0) @binding(5) var<uniform>             p:     Params;

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) local: u32) {
  let e = (group.x + group.y * groups.x) * WG + local;
  if (e >= p.count) { return; }
  let at = e / (p.len * p.inner) * 2u * p.inner + e % p.inner;
  let c = e / p.span % p.channels;
  let xhat = (x[e] - stats[at]) * inverseSqrt(stats[at + p.inner] + p.eps);
  y[e] = xhat * gamma[c] + beta[c];
}

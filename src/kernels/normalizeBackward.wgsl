// gx = (g gamma[c] - A/len - xhat B/len) / sqrt(v + eps),   xhat = (x - m) / sqrt(v + eps)
//
// One invocation per T of x. T and S: see lanes.ts; C, the type of one or four channels: see normalize.ts.

override WG: u32 = 64u;

struct Params { count: u32, len: u32, inner: u32, span: u32, channels: u32, eps: f32, perLen: f32 }

@group(0) @binding(0) var<storage, read>       x:     array<T>; // [outer, len, inner]
@group(0) @binding(1) var<storage, read>       stats: array<S>; // [outer, (m, v), inner]
@group(0) @binding(2) var<storage, read>       gamma: array<C>; // [channels]
@group(0) @binding(3) var<storage, read>       g:     array<T>; // [outer, len, inner]
@group(0) @binding(4) var<storage, read>       sums:  array<S>; // [outer, (A, B), inner]
@group(0) @binding(5) var<storage, read_write> gx:    array<T>; // [outer, len, inner]
@group(0) @binding(6) var<uniform>             p:     Params;

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) local: u32) {
  let e = (group.x + group.y * groups.x) * WG + local;
  if (e >= p.count) { return; }
  let at = e / (p.len * p.inner) * 2u * p.inner + e % p.inner;
  let c = e / p.span % p.channels;
  let rstd = inverseSqrt(stats[at + p.inner] + p.eps);
  let xhat = (x[e] - stats[at]) * rstd;
  gx[e] = (g[e] * gamma[c] - sums[at] * p.perLen - xhat * (sums[at + p.inner] * p.perLen)) * rstd;
}

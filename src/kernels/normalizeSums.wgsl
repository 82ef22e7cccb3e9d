// A = sum_l g gamma[c],   B = sum_l g gamma[c] (x - m) / sqrt(v + eps),   l over one chunk
//
// One invocation per chunk. T, S and total: see lanes.ts; C, the type of one or four channels: see normalize.ts.

override WG: u32 = 64u;

struct Params {
  count: u32, chunks: u32, len: u32, inner: u32, chunk: u32,
  span: u32, channels: u32, eps: f32,
}

@group(0) @binding(0) var<storage, read>       x:     array<T>; // [outer, len, inner]
@group(0) @binding(1) var<storage, read>       stats: array<S>; // [outer, (m, v), inner]
@group(0) @binding(2) var<storage, read>       gamma: array<C>; // [channels]
@group(0) @binding(3) var<storage, read>       g:     array<T>; // [outer, len, inner]
@group(0) @binding(4) var<storage, read_write> y:     array<S>; // [outer, chunks, (A, B), inner]
@group(0) @binding(5) var<uniform>             p:     Params;

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) local: u32) {
  let index = (group.x + group.y * groups.x) * WG + local;
  if (index >= p.count) { return; }
  let i = index % p.inner;
  let k = index / p.inner % p.chunks;
  let o = index / (p.inner * p.chunks);
  let at = o * 2u * p.inner + i;
  let m = stats[at];
  let first = k * p.chunk;
  let end = min(first + p.chunk, p.len);

  var a = T();
  var b = T();
  for (var l = first; l < end; l++) {
    let e = (o * p.len + l) * p.inner + i;
    let scaled = g[e] * gamma[e / p.span % p.channels];
    a += scaled;
    b += scaled * (x[e] - m);
  }
  let to = (index - i) * 2u + i;
  y[to] = total(a);
  y[to + p.inner] = total(b) * inverseSqrt(stats[at + p.inner] + p.eps);
}

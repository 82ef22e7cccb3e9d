// m = sum_l x[o, l, i] / n,   v = sum_l (x[o, l, i] - m)^2 / n,   l over chunk k of n terms
//
// One invocation per chunk, which it reads twice. T, S and total: see lanes.ts; sizes are in units of T.

override WG: u32 = 64u;

struct Params { count: u32, chunks: u32, len: u32, inner: u32, chunk: u32, terms: u32 } // terms of one sum per T

@group(0) @binding(0) var<storage, read>       x: array<T>; // [outer, len, inner]
@group(0) @binding(1) var<storage, read_write> y: array<S>; // [outer, chunks, (m, v), inner]
@group(0) @binding(2) var<uniform>             p: Params;

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) local: u32) {
  let index = (group.x + group.y * groups.x) * WG + local;
  if (index >= p.count) { return; }
  let i = index % p.inner;
  let k = index / p.inner % p.chunks;
  let o = index / (p.inner * p.chunks);
  let first = k * p.chunk;
  let end = min(first + p.chunk, p.len);
  let n = f32((end - first) * p.terms);

  var s = T();
  for (var l = first; l < end; l++) { s += x[(o * p.len + l) * p.inner + i]; }
  let m = total(s) / n;

  var squares = T();
  for (var l = first; l < end; l++) {
    let d = x[(o * p.len + l) * p.inner + i] - m;
    squares += d * d;
  }
  let to = (index - i) * 2u + i;
  y[to] = m;
  y[to + p.inner] = total(squares) / n;
}

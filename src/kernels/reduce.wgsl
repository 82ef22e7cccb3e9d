// y[o, k, i] = sum_f sum_l x[f, o, l, i],   k chunk <= l < min((k + 1) chunk, len)
//
// One invocation per sum. T, S and total: see lanes.ts; sizes are in units of T.

override WG: u32 = 64u;

struct Params { count: u32, first: u32, outer: u32, chunks: u32, len: u32, inner: u32, chunk: u32 }

@group(0) @binding(0) var<storage, read>       x: array<T>; // [first, outer, len, inner]
@group(0) @binding(1) var<storage, read_write> y: array<S>; // [outer, chunks, inner]
@group(0) @binding(2) var<uniform>             p: Params;

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) local: u32) {
  let index = (group.x + group.y * groups.x) * WG + local;
  if (index >= p.count) { return; }
  let i = index % p.inner;
  let k = index / p.inner % p.chunks;
  let o = index / (p.inner * p.chunks);
  let start = k * p.chunk;
  let end = min(start + p.chunk, p.len);
  var s = T();
  for (var f = 0u; f < p.first; f++) {
    let row = (f * p.outer + o) * p.len;
    for (var l = start; l < end; l++) { s += x[(row + l) * p.inner + i]; }
  }
  y[index] = total(s);
}

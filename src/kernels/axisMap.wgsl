// y[o, k, i] = sum_t weights[k, t] x[o, indices[k, t], i]
//
// One invocation per element of y, in units of T: see lanes.ts.

override WG: u32 = 64u;

struct Params { count: u32, rows: u32, taps: u32, length: u32, inner: u32 }

@group(0) @binding(0) var<storage, read>       x:       array<T>;   // [outer, length, inner]
@group(0) @binding(1) var<storage, read>       indices: array<f32>; // [rows, taps]
@group(0) @binding(2) var<storage, read>       weights: array<f32>; // [rows, taps]
@group(0) @binding(3) var<storage, read_write> y:       array<T>;   // [outer, rows, inner]
@group(0) @binding(4) var<uniform>             p:       Params;

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) local: u32) {
  let index = (group.x + group.y * groups.x) * WG + local;
  if (index >= p.count) { return; }
  let i = index % p.inner;
  let k = index / p.inner % p.rows;
  let o = index / (p.inner * p.rows);
  var s = T();
  for (var t = k * p.taps; t < (k + 1u) * p.taps; t++) {
    s += weights[t] * x[(o * p.length + u32(indices[t])) * p.inner + i];
  }
  y[index] = s;
}

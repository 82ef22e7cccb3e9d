// y[n, o, r, c] = b[o] + sum_{i, u, v} w[o, i, u, v] x[n, i', r s + u - p, c s + v - p]
//
// One invocation per element of y; any stride, padding and groups.

override WG: u32 = 64u;

struct Params {
  count: u32,
  ci: u32, h: u32, w: u32,
  co: u32, kh: u32, kw: u32,
  ho: u32, wo: u32,
  stride: u32, padding: u32, groups: u32,
}

@group(0) @binding(0) var<storage, read>       x: array<f32>; // [n, ci, h, w]
@group(0) @binding(1) var<storage, read>       w: array<f32>; // [co, ci / groups, kh, kw]
@group(0) @binding(2) var<storage, read>       b: array<f32>; // [co]
@group(0) @binding(3) var<storage, read_write> y: array<f32>; // [n, co, ho, wo]
@group(0) @binding(4) var<uniform>             p: Params;

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) local: u32) {
  let index = (group.x + group.y * groups.x) * WG + local;
  if (index >= p.count) { return; }
  let c = index % p.wo;
  let r = index / p.wo % p.ho;
  let o = index / (p.wo * p.ho) % p.co;
  let n = index / (p.wo * p.ho * p.co);
  let ig = p.ci / p.groups;
  let first = o / (p.co / p.groups) * ig;
  var s = b[o];
  for (var i = 0u; i < ig; i++) {
    for (var u = 0u; u < p.kh; u++) {
      let row = r * p.stride + u - p.padding; // below zero: a huge u32, which is no row
      if (row >= p.h) { continue; }
      for (var v = 0u; v < p.kw; v++) {
        let column = c * p.stride + v - p.padding;
        if (column >= p.w) { continue; }
        s += w[((o * ig + i) * p.kh + u) * p.kw + v] * x[((n * p.ci + first + i) * p.h + row) * p.w + column];
      }
    }
  }
  y[index] = s;
}

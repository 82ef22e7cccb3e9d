// gw[n, o, i, u, v] = sum_{r, c} g[n, o, r, c] x[n, i', r s + u - p, c s + v - p]
//
// One invocation per element of gw; any stride, padding and groups.

override WG: u32 = 64u;

struct Params {
  count: u32,
  ci: u32, h: u32, w: u32,
  co: u32, kh: u32, kw: u32,
  ho: u32, wo: u32,
  stride: u32, padding: u32, groups: u32,
}

@group(0) @binding(0) var<storage, read>       g:  array<f32>; // [n, co, ho, wo]
@group(0) @binding(1) var<storage, read>       x:  array<f32>; // [n, ci, h, w]
@group(0) @binding(2) var<storage, read_write> gw: array<f32>; // [n, co, ci / groups, kh, kw]
@group(0) @binding(3) var<uniform>             p:  Params;

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) local: u32) {
  let index = (group.x + group.y * groups.x) * WG + local;
  if (index >= p.count) { return; }
  let ig = p.ci / p.groups;
  let v = index % p.kw;
  let u = index / p.kw % p.kh;
  let i = index / (p.kw * p.kh) % ig;
  let o = index / (p.kw * p.kh * ig) % p.co;
  let n = index / (p.kw * p.kh * ig * p.co);
  let channel = o / (p.co / p.groups) * ig + i;
  var s = 0.0;
  for (var r = 0u; r < p.ho; r++) {
    let row = r * p.stride + u - p.padding; // below zero: a huge u32, which is no row
    if (row >= p.h) { continue; }
    for (var c = 0u; c < p.wo; c++) {
      let column = c * p.stride + v - p.padding;
      if (column >= p.w) { continue; }
      s += g[((n * p.co + o) * p.ho + r) * p.wo + c] * x[((n * p.ci + channel) * p.h + row) * p.w + column];
    }
  }
  gw[index] = s;
}

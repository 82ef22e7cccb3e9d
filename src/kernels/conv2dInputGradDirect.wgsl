// gx[n, i', row, column] = sum_{o, u, v} w[o, i, u, v] g[n, o, r, c]  where r s + u - p = row, c s + v - p = column
//
// One invocation per element of gx; any stride, padding and groups.

override WG: u32 = 64u;

struct Params {
  count: u32,
  ci: u32, h: u32, w: u32,
  co: u32, kh: u32, kw: u32,
  ho: u32, wo: u32,
  stride: u32, padding: u32, groups: u32,
}

@group(0) @binding(0) var<storage, read>       g:  array<f32>; // [n, co, ho, wo]
@group(0) @binding(1) var<storage, read>       w:  array<f32>; // [co, ci / groups, kh, kw]
@group(0) @binding(2) var<storage, read_write> gx: array<f32>; // [n, ci, h, w]
@group(0) @binding(3) var<uniform>             p:  Params;

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) local: u32) {
  let index = (group.x + group.y * groups.x) * WG + local;
  if (index >= p.count) { return; }
  let column = index % p.w;
  let row = index / p.w % p.h;
  let channel = index / (p.w * p.h) % p.ci;
  let n = index / (p.w * p.h * p.ci);
  let ig = p.ci / p.groups;
  let og = p.co / p.groups;
  let first = channel / ig * og;
  let i = channel % ig;
  var s = 0.0;
  for (var o = first; o < first + og; o++) {
    for (var u = 0u; u < p.kh; u++) {
      let r = row + p.padding - u; // below zero: a huge u32, whose quotient is no row
      if (r % p.stride != 0u || r / p.stride >= p.ho) { continue; }
      for (var v = 0u; v < p.kw; v++) {
        let c = column + p.padding - v;
        if (c % p.stride != 0u || c / p.stride >= p.wo) { continue; }
        s += w[((o * ig + i) * p.kh + u) * p.kw + v] * g[((n * p.co + o) * p.ho + r / p.stride) * p.wo + c / p.stride];
      }
    }
  }
  gx[index] = s;
}

// The inverse of haar.wgsl:
//   a = (LL + LH + HL + HH)/2   b = (LL - LH + HL - HH)/2   c = (LL + LH - HL - HH)/2   d = (LL - LH - HL + HH)/2
//
// One invocation per T of blocks side by side: see haar.ts. w is in units of T.

override WG: u32 = 64u;

struct Params { count: u32, c: u32, h: u32, w: u32 }

@group(0) @binding(0) var<storage, read>       y: array<T>; // [n, 4c, h, w]
@group(0) @binding(1) var<storage, read_write> x: array<T>; // [n, c, 2h, 2w]
@group(0) @binding(2) var<uniform>             p: Params;

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) local: u32) {
  let index = (group.x + group.y * groups.x) * WG + local;
  if (index >= p.count) { return; }
  let band = p.c * p.h * p.w;
  let at = index + index / band * 3u * band;    // four bands per item where x has one
  let ll = y[at];
  let lh = y[at + band];
  let hl = y[at + 2u * band];
  let hh = y[at + 3u * band];
  let a = ((ll + lh) + (hl + hh)) * 0.5;
  let b = ((ll - lh) + (hl - hh)) * 0.5;
  let c = ((ll + lh) - (hl + hh)) * 0.5;
  let d = ((ll - lh) - (hl - hh)) * 0.5;

  let above = index / p.w * 4u * p.w + 2u * (index % p.w);
  let below = above + 2u * p.w;
  x[above] = left(a, b);
  x[above + 1u] = right(a, b);
  x[below] = left(c, d);
  x[below + 1u] = right(c, d);
}

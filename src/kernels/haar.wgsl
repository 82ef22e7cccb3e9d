// For each 2 x 2 block [[a, b], [c, d]] of x:
//   LL = (a + b + c + d)/2   LH = (a - b + c - d)/2   HL = (a + b - c - d)/2   HH = (a - b - c + d)/2
//
// One invocation per T of blocks side by side: see haar.ts. w is in units of T.

override WG: u32 = 64u;

struct Params { count: u32, c: u32, h: u32, w: u32 }

@group(0) @binding(0) var<storage, read>       x: array<T>; // [n, c, 2h, 2w]
@group(0) @binding(1) var<storage, read_write> y: array<T>; // [n, 4c, h, w]
@group(0) @binding(2) var<uniform>             p: Params;

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) local: u32) {
  let index = (group.x + group.y * groups.x) * WG + local;
  if (index >= p.count) { return; }
  let j = index % p.w;
  let row = index / p.w;                        // of all rows of blocks, those of n and c included
  let above = row * 4u * p.w + 2u * j;
  let below = above + 2u * p.w;
  let a = evens(x[above], x[above + 1u]);
  let b = odds(x[above], x[above + 1u]);
  let c = evens(x[below], x[below + 1u]);
  let d = odds(x[below], x[below + 1u]);

  let band = p.c * p.h * p.w;
  let to = index + index / band * 3u * band;    // four bands per item where x has one
  y[to] = ((a + b) + (c + d)) * 0.5;
  y[to + band] = ((a - b) + (c - d)) * 0.5;
  y[to + 2u * band] = ((a + b) - (c + d)) * 0.5;
  y[to + 3u * band] = ((a - b) - (c - d)) * 0.5;
}

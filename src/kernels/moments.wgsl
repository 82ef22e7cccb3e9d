// m = sum_l x[o, l, i] / n,   v = sum_l (x[o, l, i] - m)^2 / n,   l over chunk k of n terms
//
// One invocation per chunk. It takes differences from a number c, the mean of the chunk's first eighth:
//
//   s = sum_l (x_l - c),  q = sum_l (x_l - c)^2:   m = c + s/n,  v = q/n - (s/n)^2
//
// T, S and total: see lanes.ts; sizes are in units of T. Of a T along the axis each lane has a c, s and q of its own.

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
  let column = index / p.inner;
  let i = index - column * p.inner;
  let o = column / p.chunks;
  let first = (column - o * p.chunks) * p.chunk;
  let steps = min(p.chunk, p.len - first);
  let start = (o * p.len + first) * p.inner + i;
  let few = max(steps / 8u, min(steps, 4u));

  var c = T();
  for (var l = 0u; l < few; l++) { c += x[start + l * p.inner]; }
  c *= 1.0 / f32(few);

  var s = T();
  var q = T();
  for (var l = 0u; l < steps; l++) {
    let d = x[start + l * p.inner] - c;
    s += d;
    q += d * d;
  }
  let n = f32(steps);
  let mean = c + s / n; // of each lane
  let m = total(mean) / f32(p.terms);
  let apart = mean - m;
  let squares = max(q - s * (s / n), T()) + n * apart * apart;
  let to = column * 2u * p.inner + i;
  y[to] = m;
  y[to + p.inner] = total(squares) / (n * f32(p.terms));
}

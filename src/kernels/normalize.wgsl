// y = f((x - m) / sqrt(v + eps) gamma[c] + beta[c])
//
// One invocation per chunk of ROWS neighbouring columns, whose moments it reads once. T and S: see lanes.ts; C, the type
// of one or four channels, and ROWS: see normalizeLayout.ts; the fields of Params, and finished, which is f: see
// normalize.ts.

override WG: u32 = 64u;

struct Params {
  count: u32, chunks: u32, len: u32, inner: u32, chunk: u32,
  span: u32, run: u32, channels: u32, eps: f32, perLen: f32,
}

@group(0) @binding(0) var<storage, read>       x:     array<T>; // [outer, len, inner]
@group(0) @binding(1) var<storage, read>       stats: array<S>; // [outer, (m, v), inner]
@group(0) @binding(2) var<storage, read>       gamma: array<C>; // [channels]
@group(0) @binding(3) var<storage, read>       beta:  array<C>; // [channels]
@group(0) @binding(4) var<storage, read_write> y:     array<T>; // [outer, len, inner]
@group(0) @binding(5) var<uniform>             p:     Params;

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) local: u32) {
  let index = (group.x + group.y * groups.x) * WG + local;
  if (index >= p.count) { return; }
  let column = index / p.inner;
  let i = index - column * p.inner;
  let o = column / p.chunks * ROWS;
  let first = column % p.chunks * p.chunk;
  let row = p.len * p.inner;
  var m: array<S, ROWS>;
  var rstd: array<S, ROWS>;
  for (var r = 0u; r < ROWS; r++) {
    let at = (o + r) * 2u * p.inner + i;
    m[r] = stats[at];
    rstd[r] = inverseSqrt(stats[at + p.inner] + p.eps);
  }

  var e = (o * p.len + first) * p.inner + i;
  let end = e + min(p.chunk, p.len - first) * p.inner;
  var c = e / p.span % p.channels;
  var left = p.run - (o * p.len + first) % p.run; // steps of this channel
  var scale = gamma[c];
  var shift = beta[c];
  for (; e < end; e += p.inner) {
    if (left == 0u) {
      left = p.run;
      c += 1u;
      scale = gamma[c];
      shift = beta[c];
    }
    left -= 1u;
    for (var r = 0u; r < ROWS; r++) {
      let at = e + r * row;
      y[at] = finished((x[at] - m[r]) * rstd[r] * scale + shift, at);
    }
  }
}

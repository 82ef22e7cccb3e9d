// y[r, c] = sum g (x - m) / sqrt(v + eps) over chunk r of the elements of channel c
//
// One invocation per sum. Where span > 1, a chunk is of the span neighbours that an item has in the channel; else it is
// of items. T and S: see lanes.ts; C and ofChannel: see normalizeLayout.ts. Sizes are in units of T.

override WG: u32 = 64u;

struct Params {
  count: u32, channels: u32, chunks: u32, chunk: u32,
  len: u32,   // steps of a channel in an item, or items
  item: u32,  // elements from item to item
  span: u32,  // elements from channel to channel
  step: u32,  // elements from step to step
  column: u32, // elements of x whose moments are neighbours
  inner: u32,  // pairs of moments that are neighbours
  statStep: u32, // moments from step to step
  eps: f32,
}

@group(0) @binding(0) var<storage, read>       x:     array<T>; // [outer, len, inner]
@group(0) @binding(1) var<storage, read>       stats: array<S>; // [outer, (m, v), inner]
@group(0) @binding(2) var<storage, read>       g:     array<T>; // [outer, len, inner]
@group(0) @binding(3) var<storage, read_write> y:     array<C>; // [chunks of all items, channels]
@group(0) @binding(4) var<uniform>             p:     Params;

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) local: u32) {
  let index = (group.x + group.y * groups.x) * WG + local;
  if (index >= p.count) { return; }
  let row = index / p.channels;
  let c = index - row * p.channels;
  let n = row / p.chunks;
  let first = (row - n * p.chunks) * p.chunk;
  let steps = min(p.chunk, p.len - first);
  var e = n * p.item + c * p.span + first * p.step;
  var at = e / p.column * 2u * p.inner + e % p.inner;
  var s = T();
  for (var l = 0u; l < steps; l++) {
    s += g[e] * ((x[e] - stats[at]) * inverseSqrt(stats[at + p.inner] + p.eps));
    e += p.step;
    at += p.statStep;
  }
  y[index] = ofChannel(s);
}

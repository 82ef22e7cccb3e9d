// m = sum_k n_k m_k / n,   v = sum_k n_k (v_k + (m_k - m)^2) / n,   over the chunks k of n_k terms each
//
// One invocation per pair (m, v).

override WG: u32 = 64u;

struct Params { count: u32, chunks: u32, inner: u32, len: u32, chunk: u32 }

@group(0) @binding(0) var<storage, read>       x: array<f32>; // [outer, chunks, (m_k, v_k), inner]
@group(0) @binding(1) var<storage, read_write> y: array<f32>; // [outer, 1, (m, v), inner]
@group(0) @binding(2) var<uniform>             p: Params;

fn terms(k: u32) -> f32 { return f32(min(p.chunk, p.len - k * p.chunk)); }

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) local: u32) {
  let index = (group.x + group.y * groups.x) * WG + local;
  if (index >= p.count) { return; }
  let i = index % p.inner;
  let first = index / p.inner * p.chunks * 2u * p.inner + i;
  let n = f32(p.len);

  var m = 0.0;
  for (var k = 0u; k < p.chunks; k++) { m += terms(k) * x[first + 2u * k * p.inner]; }
  m /= n;

  var v = 0.0;
  for (var k = 0u; k < p.chunks; k++) {
    let d = x[first + 2u * k * p.inner] - m;
    v += terms(k) * (x[first + (2u * k + 1u) * p.inner] + d * d);
  }
  let to = (index - i) * 2u + i;
  y[to] = m;
  y[to + p.inner] = v / n;
}

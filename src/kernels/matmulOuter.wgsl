// y[r, c] = sum_k a[r, k] b[k, c],  b row-major with n a multiple of 4
//
// One invocation holds an 8 x 8 tile of y in registers and adds one outer product per k: 8 elements of a
// (any strides) times two vec4 of b. Neighbouring invocations take neighbouring columns. Rows and columns
// beyond the edge repeat the last one and are not stored.
//
// Params, biased: see matmul.ts.

override WG: u32 = 32u;

@group(0) @binding(0) var<storage, read>       a: array<f32>;   // [batch, m, k] or [batch, k, m]
@group(0) @binding(1) var<storage, read>       b: array<vec4f>; // [batch, k, n / 4]
@group(0) @binding(2) var<storage, read_write> y: array<vec4f>; // [batch, m, n / 4]
@group(0) @binding(3) var<uniform>             p: Params;

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) local: u32) {
  let tile = (group.x + group.y * groups.x) * WG + local;
  if (tile >= p.tiles) { return; }
  let n4 = p.n / 4u;
  let c0 = (tile % p.tilesAcross) * 2u;
  let r0 = (tile / p.tilesAcross) % p.tilesDown * 8u;
  let batch = tile / (p.tilesAcross * p.tilesDown);
  let c1 = min(c0 + 1u, n4 - 1u);

  var rowStart: array<u32, 8>;
  for (var i = 0u; i < 8u; i++) { rowStart[i] = batch * p.stepA + min(r0 + i, p.m - 1u) * p.rowA; }
  var s0: array<vec4f, 8>;
  var s1: array<vec4f, 8>;
  var ib = batch * (p.stepB / 4u);
  for (var k = 0u; k < p.k; k++) {
    let b0 = b[ib + c0];
    let b1 = b[ib + c1];
    ib += n4;
    for (var i = 0u; i < 8u; i++) {
      let v = a[rowStart[i] + k * p.kA];
      s0[i] += v * b0;
      s1[i] += v * b1;
    }
  }
  for (var i = 0u; i < 8u; i++) {
    if (r0 + i < p.m) {
      let at = (batch * p.m + r0 + i) * n4;
      y[at + c0] = biased4(s0[i], r0 + i, c0);
      if (c0 + 1u < n4) { y[at + c0 + 1u] = biased4(s1[i], r0 + i, c0 + 1u); }
    }
  }
}

// y[r, c] = sum_k a[r, k] b[k, c],  any sizes and strides
//
// One invocation holds a 4 x 4 tile of y in registers. Rows and columns beyond the edge repeat the last one
// and are not stored.
//
// Params, biased: see matmul.ts.

override WG: u32 = 32u;

@group(0) @binding(0) var<storage, read>       a: array<f32>;
@group(0) @binding(1) var<storage, read>       b: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>; // [batch, m, n]
@group(0) @binding(3) var<uniform>             p: Params;

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) local: u32) {
  let tile = (group.x + group.y * groups.x) * WG + local;
  if (tile >= p.tiles) { return; }
  let c0 = (tile % p.tilesAcross) * 4u;
  let r0 = (tile / p.tilesAcross) % p.tilesDown * 4u;
  let batch = tile / (p.tilesAcross * p.tilesDown);

  var rowStart: array<u32, 4>;
  var columnStart: array<u32, 4>;
  for (var i = 0u; i < 4u; i++) {
    rowStart[i] = batch * p.stepA + min(r0 + i, p.m - 1u) * p.rowA;
    columnStart[i] = batch * p.stepB + min(c0 + i, p.n - 1u) * p.columnB;
  }
  var s: array<vec4f, 4>; // s[row][column]
  for (var k = 0u; k < p.k; k++) {
    let kb = k * p.kB;
    let v = vec4f(b[columnStart[0] + kb], b[columnStart[1] + kb], b[columnStart[2] + kb], b[columnStart[3] + kb]);
    for (var i = 0u; i < 4u; i++) { s[i] += a[rowStart[i] + k * p.kA] * v; }
  }
  for (var i = 0u; i < 4u; i++) {
    for (var j = 0u; j < 4u; j++) {
      let r = r0 + i;
      let c = c0 + j;
      if (r < p.m && c < p.n) { y[(batch * p.m + r) * p.n + c] = biased(s[i][j], r, c); }
    }
  }
}

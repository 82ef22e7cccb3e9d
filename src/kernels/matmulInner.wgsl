// y[r, c] = sum_k a[r, k] b[c, k],  k a multiple of 4
//
// One invocation holds an 8 x 8 tile of y in registers and takes four k at a time: 8 + 8 vec4 loads for 64 dot
// products. Rows and columns beyond the edge repeat the last one and are not stored.
//
// Params, biased: see matmul.ts.

override WG: u32 = 32u;

@group(0) @binding(0) var<storage, read>       a: array<vec4f>; // [batch, m, k / 4]
@group(0) @binding(1) var<storage, read>       b: array<vec4f>; // [batch, n, k / 4]
@group(0) @binding(2) var<storage, read_write> y: array<f32>;   // [batch, m, n]
@group(0) @binding(3) var<uniform>             p: Params;

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) local: u32) {
  let tile = (group.x + group.y * groups.x) * WG + local;
  if (tile >= p.tiles) { return; }
  let c0 = (tile % p.tilesAcross) * 8u;
  let r0 = (tile / p.tilesAcross) % p.tilesDown * 8u;
  let batch = tile / (p.tilesAcross * p.tilesDown);
  let k4 = p.k / 4u;

  var rowStart: array<u32, 8>;
  var columnStart: array<u32, 8>;
  for (var i = 0u; i < 8u; i++) {
    rowStart[i] = batch * (p.stepA / 4u) + min(r0 + i, p.m - 1u) * k4;
    columnStart[i] = batch * (p.stepB / 4u) + min(c0 + i, p.n - 1u) * k4;
  }
  var s0: array<vec4f, 8>; // s0[row][column], columns 0 to 3
  var s1: array<vec4f, 8>; // and 4 to 7
  for (var k = 0u; k < k4; k++) {
    var f: array<vec4f, 8>;
    for (var j = 0u; j < 8u; j++) { f[j] = b[columnStart[j] + k]; }
    for (var i = 0u; i < 8u; i++) {
      let v = a[rowStart[i] + k];
      s0[i] += vec4f(dot(v, f[0]), dot(v, f[1]), dot(v, f[2]), dot(v, f[3]));
      s1[i] += vec4f(dot(v, f[4]), dot(v, f[5]), dot(v, f[6]), dot(v, f[7]));
    }
  }
  for (var i = 0u; i < 8u; i++) {
    for (var j = 0u; j < 4u; j++) {
      let at = (batch * p.m + r0 + i) * p.n + c0 + j;
      if (r0 + i < p.m && c0 + j < p.n) { y[at] = biased(s0[i][j], r0 + i, c0 + j); }
      if (r0 + i < p.m && c0 + 4u + j < p.n) { y[at + 4u] = biased(s1[i][j], r0 + i, c0 + 4u + j); }
    }
  }
}

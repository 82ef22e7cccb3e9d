// y[r, c] = sum_k a[r, k] b[c, k],  k a multiple of 4
//
// As matmulWide, with an 8 x 32 tile of y, of which each invocation has 8 rows and four columns, and four k at a
// time: each loads four elements of one row of a and a vec4 of each of its columns.
//
// Params, biased: see matmul.ts.

@group(0) @binding(0) var<storage, read>       a: array<f32>;   // [batch, m, k] or [batch, k, m]
@group(0) @binding(1) var<storage, read>       b: array<vec4f>; // [batch, n, k / 4]
@group(0) @binding(2) var<storage, read_write> y: array<f32>;   // [batch, m, n]
@group(0) @binding(3) var<uniform>             p: Params;

@compute @workgroup_size(8)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(subgroup_invocation_id) lane: u32) {
  let tile = group.x + group.y * groups.x;
  if (tile >= p.tiles) { return; } // uniform: the whole workgroup leaves
  let c0 = tile % p.tilesAcross * 32u + lane;
  let r0 = tile / p.tilesAcross % p.tilesDown * 8u;
  let batch = tile / (p.tilesAcross * p.tilesDown);
  let k4 = p.k / 4u;
  let a0 = batch * p.stepA + min(r0 + lane, p.m - 1u) * p.rowA;
  var columnStart: array<u32, 4>;
  for (var j = 0u; j < 4u; j++) {
    columnStart[j] = batch * (p.stepB / 4u) + min(c0 + 8u * j, p.n - 1u) * k4;
  }

  var s: array<vec4f, 8>; // s[row][column]
  for (var k = 0u; k < k4; k++) {
    var mine: vec4f;
    for (var z = 0u; z < 4u; z++) { mine[z] = a[a0 + (4u * k + z) * p.kA]; }
    var v: array<vec4f, 4>;
    for (var j = 0u; j < 4u; j++) { v[j] = b[columnStart[j] + k]; }
    for (var i = 0u; i < 8u; i++) {
      let f = subgroupShuffle(mine, i);
      s[i] += vec4f(dot(f, v[0]), dot(f, v[1]), dot(f, v[2]), dot(f, v[3]));
    }
  }
  for (var i = 0u; i < 8u; i++) {
    for (var j = 0u; j < 4u; j++) {
      let c = c0 + 8u * j;
      if (r0 + i < p.m && c < p.n) { y[(batch * p.m + r0 + i) * p.n + c] = biased(s[i][j], r0 + i, c); }
    }
  }
}

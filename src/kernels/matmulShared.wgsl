// y[r, c] = sum_k a[r, k] b[k, c],  any sizes and strides
//
// As matmulWide, with a 16 x 8C tile of y, of which each invocation has 16 rows and C = COLUMNS columns, element by
// element. Params, biased and COLUMNS, 2u or 4u: see matmul.ts.

@group(0) @binding(0) var<storage, read>       a: array<f32>;
@group(0) @binding(1) var<storage, read>       b: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>; // [batch, m, n]
@group(0) @binding(3) var<uniform>             p: Params;

@compute @workgroup_size(8)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(subgroup_invocation_id) lane: u32) {
  let tile = group.x + group.y * groups.x;
  if (tile >= p.tiles) { return; } // uniform: the whole workgroup leaves
  let c0 = tile % p.tilesAcross * 8u * COLUMNS + lane;
  let r0 = tile / p.tilesAcross % p.tilesDown * 16u;
  let batch = tile / (p.tilesAcross * p.tilesDown);
  let a0 = batch * p.stepA + min(r0 + lane, p.m - 1u) * p.rowA;
  let a1 = batch * p.stepA + min(r0 + lane + 8u, p.m - 1u) * p.rowA;
  var columnStart: array<u32, COLUMNS>;
  for (var j = 0u; j < COLUMNS; j++) {
    columnStart[j] = batch * p.stepB + min(c0 + 8u * j, p.n - 1u) * p.columnB;
  }

  var s: array<array<f32, COLUMNS>, 16>; // s[row][column]
  for (var k = 0u; k < p.k; k += 2u) {
    let l = min(k + 1u, p.k - 1u);
    let two = l > k; // else the second is zeros
    let mine = array(a[a0 + k * p.kA], a[a1 + k * p.kA]);
    let next = array(select(0.0, a[a0 + l * p.kA], two), select(0.0, a[a1 + l * p.kA], two));
    var v: array<f32, COLUMNS>;
    var w: array<f32, COLUMNS>;
    for (var j = 0u; j < COLUMNS; j++) {
      v[j] = b[columnStart[j] + k * p.kB];
      w[j] = select(0.0, b[columnStart[j] + l * p.kB], two);
    }
    for (var i = 0u; i < 16u; i++) {
      let f = subgroupShuffle(mine[i / 8u], i % 8u);
      let g = subgroupShuffle(next[i / 8u], i % 8u);
      for (var j = 0u; j < COLUMNS; j++) { s[i][j] = s[i][j] + f * v[j] + g * w[j]; }
    }
  }
  for (var r = r0; r < min(r0 + 16u, p.m); r += 2u) {
    for (var i = 0u; i < 2u; i++) {
      for (var j = 0u; j < COLUMNS; j++) {
        let c = c0 + 8u * j;
        if (r + i < p.m && c < p.n) { y[(batch * p.m + r + i) * p.n + c] = biased(s[i][j], r + i, c); }
      }
    }
    for (var i = 0u; i < 14u; i++) { s[i] = s[i + 2u]; }
  }
}

// y[r, c] = sum_k a[r, k] b[c, k],  k a multiple of 4
//
// As matmulWide, with a 16 x 16 tile of y, of which each invocation has 16 rows and two columns, and four k at a time:
// each loads four elements of two rows of a and a vec4 of each of its columns.
//
// Params, biased, A and `four` (elements 4k to 4k + 3 of a row that starts at an index of a): see matmul.ts.

@group(0) @binding(0) var<storage, read>       a: array<A>;     // [batch, m, k] or [batch, k, m]
@group(0) @binding(1) var<storage, read>       b: array<vec4f>; // [batch, n, k / 4]
@group(0) @binding(2) var<storage, read_write> y: array<f32>;   // [batch, m, n]
@group(0) @binding(3) var<uniform>             p: Params;

@compute @workgroup_size(8)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(subgroup_invocation_id) lane: u32) {
  let tile = group.x + group.y * groups.x;
  if (tile >= p.tiles) { return; } // uniform: the whole workgroup leaves
  let c0 = tile % p.tilesAcross * 16u + lane;
  let r0 = tile / p.tilesAcross % p.tilesDown * 16u;
  let batch = tile / (p.tilesAcross * p.tilesDown);
  let k4 = p.k / 4u;
  let a0 = batch * p.stepA + min(r0 + lane, p.m - 1u) * p.rowA;
  let a1 = batch * p.stepA + min(r0 + lane + 8u, p.m - 1u) * p.rowA;
  let b0 = batch * (p.stepB / 4u) + min(c0, p.n - 1u) * k4;
  let b1 = batch * (p.stepB / 4u) + min(c0 + 8u, p.n - 1u) * k4;

  var s0: array<f32, 16>;
  var s1: array<f32, 16>;
  for (var k = 0u; k < k4; k++) {
    let mine = array(four(a0, k), four(a1, k));
    let v0 = b[b0 + k];
    let v1 = b[b1 + k];
    for (var i = 0u; i < 16u; i++) {
      let f = subgroupShuffle(mine[i / 8u], i % 8u);
      s0[i] += dot(f, v0);
      s1[i] += dot(f, v1);
    }
  }
  for (var r = r0; r < min(r0 + 16u, p.m); r += 2u) {
    for (var i = 0u; i < 2u; i++) {
      let at = (batch * p.m + r + i) * p.n + c0;
      if (r + i < p.m && c0 < p.n) { y[at] = biased(s0[i], r + i, c0); }
      if (r + i < p.m && c0 + 8u < p.n) { y[at + 8u] = biased(s1[i], r + i, c0 + 8u); }
    }
    for (var i = 0u; i < 14u; i++) {
      s0[i] = s0[i + 2u];
      s1[i] = s1[i + 2u];
    }
  }
}

// y[r, c] = sum_k a[r, k] b[k, c],  b row-major with n a multiple of 4
//
// Eight invocations work on a 16 x 64 tile of y, each on 16 rows and two vec4 of columns. They share what they read
// of a: each loads the elements of two rows, and the others fetch them by shuffle, which costs a software driver
// nothing, while reading memory costs it twenty times what a product does. A workgroup of eight lies within one
// subgroup wherever subgroups have at least eight. Two k are read before any is used: the sums are more than there are
// registers, and so each is fetched and put back once for both. Rows and columns beyond the edge repeat the last one and
// are not stored. Rows are stored in twos and then move up: with a store for each, all takes three times as long to
// compile.
//
// Params, biased: see matmul.ts.

@group(0) @binding(0) var<storage, read>       a: array<f32>;   // [batch, m, k] or [batch, k, m]
@group(0) @binding(1) var<storage, read>       b: array<vec4f>; // [batch, k, n / 4]
@group(0) @binding(2) var<storage, read_write> y: array<vec4f>; // [batch, m, n / 4]
@group(0) @binding(3) var<uniform>             p: Params;

@compute @workgroup_size(8)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(subgroup_invocation_id) lane: u32) {
  let tile = group.x + group.y * groups.x;
  if (tile >= p.tiles) { return; } // uniform: the whole workgroup leaves
  let n4 = p.n / 4u;
  let c0 = tile % p.tilesAcross * 16u + lane;
  let r0 = tile / p.tilesAcross % p.tilesDown * 16u;
  let batch = tile / (p.tilesAcross * p.tilesDown);
  let a0 = batch * p.stepA + min(r0 + lane, p.m - 1u) * p.rowA;
  let a1 = batch * p.stepA + min(r0 + lane + 8u, p.m - 1u) * p.rowA;
  let b0 = batch * (p.stepB / 4u) + min(c0, n4 - 1u);
  let b1 = batch * (p.stepB / 4u) + min(c0 + 8u, n4 - 1u);

  var s0: array<vec4f, 16>;
  var s1: array<vec4f, 16>;
  for (var k = 0u; k < p.k; k += 2u) {
    let l = min(k + 1u, p.k - 1u);
    let two = l > k; // else the second is zeros
    let mine = array(a[a0 + k * p.kA], a[a1 + k * p.kA]);
    let v0 = b[b0 + k * n4];
    let v1 = b[b1 + k * n4];
    let next = array(select(0.0, a[a0 + l * p.kA], two), select(0.0, a[a1 + l * p.kA], two));
    let w0 = select(vec4f(), b[b0 + l * n4], two);
    let w1 = select(vec4f(), b[b1 + l * n4], two);
    for (var i = 0u; i < 16u; i++) {
      let f = subgroupShuffle(mine[i / 8u], i % 8u);
      let g = subgroupShuffle(next[i / 8u], i % 8u);
      s0[i] = s0[i] + f * v0 + g * w0;
      s1[i] = s1[i] + f * v1 + g * w1;
    }
  }
  for (var r = r0; r < min(r0 + 16u, p.m); r += 2u) {
    for (var i = 0u; i < 2u; i++) {
      let at = (batch * p.m + r + i) * n4 + c0;
      if (r + i < p.m && c0 < n4) { y[at] = biased4(s0[i], r + i, c0); }
      if (r + i < p.m && c0 + 8u < n4) { y[at + 8u] = biased4(s1[i], r + i, c0 + 8u); }
    }
    for (var i = 0u; i < 14u; i++) {
      s0[i] = s0[i + 2u];
      s1[i] = s1[i + 2u];
    }
  }
}

// y[r, c] = sum_k a[r, k] b[k, c],  b row-major with n a multiple of 4
//
// As matmulOuter, with a 16 x 8 tile, and a subgroup that shares what it reads of a: all its lanes work on the
// same 16 rows, each lane loads one k of each row, and the others fetch it by shuffle. Reading memory costs
// far more than a shuffle, on software drivers above all.

enable subgroups;

struct Params {
  tiles: u32, tilesDown: u32, groupsAcross: u32,
  m: u32, k: u32, n: u32,
  stepA: u32, stepB: u32,          // from batch to batch
  rowA: u32, kA: u32,              // strides of a
  kB: u32, columnB: u32,           // strides of b: n, 1
}

@group(0) @binding(0) var<storage, read>       a: array<f32>;   // [batch, m, k] or [batch, k, m]
@group(0) @binding(1) var<storage, read>       b: array<vec4f>; // [batch, k, n / 4]
@group(0) @binding(2) var<storage, read_write> y: array<vec4f>; // [batch, m, n / 4]
@group(0) @binding(3) var<uniform>             p: Params;

@compute @workgroup_size(32)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) local: u32,
        @builtin(subgroup_invocation_id) lane: u32, @builtin(subgroup_size) lanes: u32) {
  let index = group.x + group.y * groups.x;
  if (index >= p.tiles) { return; } // uniform: the whole workgroup leaves
  let n4 = p.n / 4u;
  let c0 = (index % p.groupsAcross * 32u + local) * 2u;
  let r0 = index / p.groupsAcross % p.tilesDown * 16u;
  let batch = index / (p.groupsAcross * p.tilesDown);
  let ib0 = batch * (p.stepB / 4u) + min(c0, n4 - 1u);
  let ib1 = batch * (p.stepB / 4u) + min(c0 + 1u, n4 - 1u);

  var s0: array<vec4f, 16>;
  var s1: array<vec4f, 16>;
  for (var k0 = 0u; k0 < p.k; k0 += lanes) {
    let mine = batch * p.stepA + min(k0 + lane, p.k - 1u) * p.kA;
    var v: array<f32, 16>;
    for (var i = 0u; i < 16u; i++) { v[i] = a[mine + min(r0 + i, p.m - 1u) * p.rowA]; }
    let steps = min(lanes, p.k - k0);
    for (var z = 0u; z < steps; z++) {
      let b0 = b[ib0 + (k0 + z) * n4];
      let b1 = b[ib1 + (k0 + z) * n4];
      for (var i = 0u; i < 16u; i++) {
        let f = subgroupShuffle(v[i], z);
        s0[i] += f * b0;
        s1[i] += f * b1;
      }
    }
  }
  if (c0 >= n4) { return; }
  for (var i = 0u; i < 16u; i++) {
    if (r0 + i < p.m) {
      let at = (batch * p.m + r0 + i) * n4;
      y[at + c0] = s0[i];
      if (c0 + 1u < n4) { y[at + c0 + 1u] = s1[i]; }
    }
  }
}

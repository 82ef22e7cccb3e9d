// y = M x M^T for each P x P block of x,  M the orthonormal DCT-II, or its transpose
//
// One invocation per block, all of it in registers. A row of a block is C elements of T. P, C, T, COLUMNS (column j of M
// as such a row) and `element` (number j of a row): see blockDct.ts.

override WG: u32 = 64u;

struct Params { count: u32, across: u32 } // blocks in all, blocks side by side

@group(0) @binding(0) var<storage, read>       x: array<T>; // [.., P h, C w]
@group(0) @binding(1) var<storage, read_write> y: array<T>; // [.., P h, C w]
@group(0) @binding(2) var<uniform>             p: Params;

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) local: u32) {
  let index = (group.x + group.y * groups.x) * WG + local;
  if (index >= p.count) { return; }
  let width = p.across * C;
  let corner = index / p.across * P * width + index % p.across * C;

  var s: array<array<T, C>, P>; // M x
  for (var i = 0u; i < P; i++) {
    for (var q = 0u; q < C; q++) {
      let v = x[corner + i * width + q];
      for (var k = 0u; k < P; k++) { s[k][q] += element(COLUMNS[i], k) * v; }
    }
  }
  for (var k = 0u; k < P; k++) {
    var r = array<T, C>(); // row k of s M^T
    for (var j = 0u; j < P; j++) {
      for (var q = 0u; q < C; q++) { r[q] += element(s[k], j) * COLUMNS[j][q]; }
    }
    for (var q = 0u; q < C; q++) { y[corner + k * width + q] = r[q]; }
  }
}

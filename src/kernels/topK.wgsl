// s[row, r, j] = 1 if r elements of the row come before x[row, j], else 0,   r < k
// i comes before j if x[row, i] > x[row, j], or they are equal and i < j
//
// One invocation per element of x: it writes column j of the row's matrix.

override WG: u32 = 64u;

struct Params { count: u32, cols: u32, k: u32 }

@group(0) @binding(0) var<storage, read>       x: array<f32>; // [rows, cols]
@group(0) @binding(1) var<storage, read_write> s: array<f32>; // [rows, k, cols]
@group(0) @binding(2) var<uniform>             p: Params;

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) local: u32) {
  let index = (group.x + group.y * groups.x) * WG + local;
  if (index >= p.count) { return; }
  let row = index / p.cols;
  let j = index % p.cols;
  let first = row * p.cols;

  var rank = 0u;
  for (var i = 0u; i < p.cols; i++) {
    let before = x[first + i] > x[index] || (x[first + i] == x[index] && i < j);
    rank += select(0u, 1u, before);
  }
  for (var r = 0u; r < p.k; r++) { s[(row * p.k + r) * p.cols + j] = select(0.0, 1.0, r == rank); }
}

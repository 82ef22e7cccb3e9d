// gx[r, c] = g[r] at the first c where x[r, c] is greatest, 0 elsewhere
//
// One invocation per row.

override WG: u32 = 64u;

struct Params { rows: u32, cols: u32 }

@group(0) @binding(0) var<storage, read>       x:  array<f32>; // [rows, cols]
@group(0) @binding(1) var<storage, read>       g:  array<f32>; // [rows]
@group(0) @binding(2) var<storage, read_write> gx: array<f32>; // [rows, cols]
@group(0) @binding(3) var<uniform>             p:  Params;

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) local: u32) {
  let r = (group.x + group.y * groups.x) * WG + local;
  if (r >= p.rows) { return; }
  let row = r * p.cols;

  var best = 0u;
  for (var c = 1u; c < p.cols; c++) {
    if (x[row + c] > x[row + best]) { best = c; }
  }
  for (var c = 0u; c < p.cols; c++) { gx[row + c] = select(0.0, g[r], c == best); }
}

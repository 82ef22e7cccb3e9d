// y[r] = max_c x[r, c]
//
// One invocation per row. T and greatest: see lanes.ts; cols is in units of T.

override WG: u32 = 64u;

struct Params { rows: u32, cols: u32 }

@group(0) @binding(0) var<storage, read>       x: array<T>;   // [rows, cols]
@group(0) @binding(1) var<storage, read_write> y: array<f32>; // [rows]
@group(0) @binding(2) var<uniform>             p: Params;

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) local: u32) {
  let r = (group.x + group.y * groups.x) * WG + local;
  if (r >= p.rows) { return; }
  let row = r * p.cols;

  var lanes = x[row];
  for (var c = 1u; c < p.cols; c++) { lanes = max(lanes, x[row + c]); }
  y[r] = greatest(lanes);
}

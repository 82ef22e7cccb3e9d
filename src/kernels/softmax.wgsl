// y[r, c] = exp(x[r, c] - m[r]) / sum_k exp(x[r, k] - m[r]),   m[r] = max_k x[r, k]
//
// One invocation per row. Subtracting m[r] changes nothing mathematically and keeps exp from overflowing.
// T and total: see lanes.ts; cols is in units of T.

override WG: u32 = 64u;

struct Params { rows: u32, cols: u32 }

@group(0) @binding(0) var<storage, read>       x: array<T>; // [rows, cols]
@group(0) @binding(1) var<storage, read_write> y: array<T>; // [rows, cols]
@group(0) @binding(2) var<uniform>             p: Params;

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) local: u32) {
  let r = (group.x + group.y * groups.x) * WG + local;
  if (r >= p.rows) { return; }
  let row = r * p.cols;

  var lanes = x[row];
  for (var c = 1u; c < p.cols; c++) { lanes = max(lanes, x[row + c]); }
  let m = greatest(lanes);

  var s = T();
  for (var c = 0u; c < p.cols; c++) { s += exp(x[row + c] - m); }
  let z = total(s);

  for (var c = 0u; c < p.cols; c++) { y[row + c] = exp(x[row + c] - m) / z; }
}

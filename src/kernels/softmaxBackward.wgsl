// gx[r, c] = y[r, c] (g[r, c] - sum_k g[r, k] y[r, k])
//
// One invocation per row. T and total: see lanes.ts; cols is in units of T.

override WG: u32 = 64u;

struct Params { rows: u32, cols: u32 }

@group(0) @binding(0) var<storage, read>       y:  array<T>; // [rows, cols], the result of softmax
@group(0) @binding(1) var<storage, read>       g:  array<T>; // [rows, cols], its cotangent
@group(0) @binding(2) var<storage, read_write> gx: array<T>; // [rows, cols]
@group(0) @binding(3) var<uniform>             p:  Params;

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) local: u32) {
  let r = (group.x + group.y * groups.x) * WG + local;
  if (r >= p.rows) { return; }
  let row = r * p.cols;

  var s = T();
  for (var c = 0u; c < p.cols; c++) { s += g[row + c] * y[row + c]; }
  let products = total(s);

  for (var c = 0u; c < p.cols; c++) { gx[row + c] = y[row + c] * (g[row + c] - products); }
}

// y = a and b end to end, run by run: a run is what lies inside one step of the axes outside the joined one.
//
// An invocation makes every p.step-th T: one element, or four where both runs are multiples of four. Sizes are in units
// of T.

override WG: u32 = 256u;

struct Params { count: u32, step: u32, runA: u32, runB: u32 }

@group(0) @binding(0) var<storage, read>       a: array<T>; // [outer, runA]
@group(0) @binding(1) var<storage, read>       b: array<T>; // [outer, runB]
@group(0) @binding(2) var<storage, read_write> y: array<T>; // [outer, runA + runB]
@group(0) @binding(3) var<uniform>             p: Params;

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) local: u32) {
  let first = (group.x + group.y * groups.x) * WG + local;
  if (first >= p.step) { return; }
  for (var i = first; i < p.count; i += p.step) {
    let outer = i / (p.runA + p.runB);
    let at = i - outer * (p.runA + p.runB);
    if (at < p.runA) {
      y[i] = a[outer * p.runA + at];
    } else {
      y[i] = b[outer * p.runB + at - p.runA];
    }
  }
}

// y = b a + (1 - b) (c g)^k,    k = 1 or 2: the next moment of a gradient g that is scaled by c[0]
//
// Each invocation computes every p.runs-th four neighbouring elements; buffers are padded to a multiple of four.

override WG: u32 = 256u;

struct Params { quads: u32, runs: u32, squared: u32, keep: f32, take: f32 }

@group(0) @binding(0) var<storage, read>       a: array<vec4f>; // the moment so far
@group(0) @binding(1) var<storage, read>       g: array<vec4f>; // the gradient
@group(0) @binding(2) var<storage, read>       c: array<f32>;   // [], the factor of g
@group(0) @binding(3) var<storage, read_write> y: array<vec4f>;
@group(0) @binding(4) var<uniform>             p: Params;

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) local: u32) {
  let first = (group.x + group.y * groups.x) * WG + local;
  if (first >= p.runs) { return; }
  let factor = c[0];
  for (var i = first; i < p.quads; i += p.runs) {
    let scaled = factor * g[i];
    y[i] = p.keep * a[i] + p.take * select(scaled, scaled * scaled, p.squared == 1u);
  }
}

// y[r, c] = sum_k a[r, k] b[k, c],  any sizes and strides; for devices with fast workgroup memory
//
// A workgroup of 128 invocations works on a 64 x 64 tile of y: 16 across with four columns each, 8 down with eight
// rows each. Sixteen k at a time, they copy the parts of a and b that all of them need into workgroup memory, where
// each element is read 16 or 8 times; neighbouring invocations read neighbouring elements, along whichever axis is
// contiguous. There, lines of 16 vec4 lie 17 apart, so that they start in different banks. Outside of a
// and b it holds zeros.
//
// Params, biased: see matmul.ts.

@group(0) @binding(0) var<storage, read>       a: array<f32>;
@group(0) @binding(1) var<storage, read>       b: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>; // [batch, m, n]
@group(0) @binding(3) var<uniform>             p: Params;

const DEPTH = 16u;
const LINE = 17u;

var<workgroup> tileA: array<vec4f, DEPTH * LINE>; // [k][row / 4]
var<workgroup> tileB: array<vec4f, DEPTH * LINE>; // [k][column / 4]

fn rowsOfA(start: u32, row: u32, k: u32) -> vec4f {
  var v: vec4f;
  for (var j = 0u; j < 4u; j++) {
    if (row + j < p.m && k < p.k) { v[j] = a[start + (row + j) * p.rowA + k * p.kA]; }
  }
  return v;
}

fn columnsOfB(start: u32, column: u32, k: u32) -> vec4f {
  var v: vec4f;
  for (var j = 0u; j < 4u; j++) {
    if (column + j < p.n && k < p.k) { v[j] = b[start + k * p.kB + (column + j) * p.columnB]; }
  }
  return v;
}

// k and quad of the i-th vec4 of a tile: neighbours follow each other along k, or else along the quads.
fn placeOf(i: u32, alongK: bool) -> vec2u {
  return select(vec2u(i / 16u, i % 16u), vec2u(i % 16u, i / 16u), alongK);
}

@compute @workgroup_size(128)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) local: u32) {
  let tile = group.x + group.y * groups.x;
  if (tile >= p.tiles) { return; } // uniform: the whole workgroup leaves
  let c0 = tile % p.tilesAcross * 64u;
  let r0 = tile / p.tilesAcross % p.tilesDown * 64u;
  let batch = tile / (p.tilesAcross * p.tilesDown);
  let across = local % 16u;
  let down = local / 16u;

  var s: array<vec4f, 8>; // s[row][column]
  for (var k0 = 0u; k0 < p.k; k0 += DEPTH) {
    for (var i = local; i < 256u; i += 128u) {
      let inA = placeOf(i, p.kA == 1u);
      let inB = placeOf(i, p.kB == 1u);
      tileA[inA.x * LINE + inA.y] = rowsOfA(batch * p.stepA, r0 + 4u * inA.y, k0 + inA.x);
      tileB[inB.x * LINE + inB.y] = columnsOfB(batch * p.stepB, c0 + 4u * inB.y, k0 + inB.x);
    }
    workgroupBarrier();
    for (var k = 0u; k < DEPTH; k++) {
      let v = tileB[k * LINE + across];
      let upper = tileA[k * LINE + 2u * down];
      let lower = tileA[k * LINE + 2u * down + 1u];
      for (var i = 0u; i < 4u; i++) {
        s[i] += upper[i] * v;
        s[i + 4u] += lower[i] * v;
      }
    }
    workgroupBarrier();
  }
  let row = r0 + 8u * down;
  let column = c0 + 4u * across;
  for (var i = 0u; i < 8u; i++) {
    for (var j = 0u; j < 4u; j++) {
      let r = row + i;
      let c = column + j;
      if (r < p.m && c < p.n) { y[(batch * p.m + r) * p.n + c] = biased(s[i][j], r, c); }
    }
  }
}

// Philox 4x32-10, and uniform or normal numbers from its words: see random.ts.
//
// One invocation per four elements. Logarithm, sine and cosine are our own: WGSL guarantees its own only to an
// absolute error of 2^-21 and 2^-11.

override WG: u32 = 64u;
override PHASE: u32;        // offset mod 4: how many words of its first block an invocation skips
override DISTRIBUTION: u32; // 0 uniform, 1 normal, 2 upper halves, 3 lower halves

struct Params { quads: u32, seed: u32, stream: u32, blockLow: u32, blockHigh: u32 }

@group(0) @binding(0) var<storage, read_write> y: array<vec4f>;
@group(0) @binding(1) var<uniform>             p: Params;

// The upper word of the 64-bit product.
fn high(x: u32, y: u32) -> u32 {
  let middle = (x >> 16u) * (y & 0xffffu) + (((x & 0xffffu) * (y & 0xffffu)) >> 16u);
  let cross = (x & 0xffffu) * (y >> 16u) + (middle & 0xffffu);
  return (x >> 16u) * (y >> 16u) + (middle >> 16u) + (cross >> 16u);
}

fn philox(low: u32, top: u32) -> vec4u {
  var c = vec4u(low, top, 0u, 0u);
  var key = vec2u(p.seed, p.stream);
  for (var round = 0u; round < 10u; round++) {
    c = vec4u(high(0xcd9e8d57u, c.z) ^ c.y ^ key.x, 0xcd9e8d57u * c.z,
              high(0xd2511f53u, c.x) ^ c.w ^ key.y, 0xd2511f53u * c.x);
    key += vec2u(0x9e3779b9u, 0xbb67ae85u);
  }
  return c;
}

// ln(m 2^-24), 1 <= m <= 2^24:  m = f 2^k with f in [sqrt(1/2), sqrt(2)],  ln f = 2 artanh((f - 1)/(f + 1))
fn logOf(m: u32) -> f32 {
  var k = firstLeadingBit(m);
  var f = ldexp(f32(m), -i32(k));
  if (f > 1.4142135) {
    f *= 0.5;
    k++;
  }
  let s = (f - 1.0) / (f + 1.0);
  let s2 = s * s;
  let series = 1.0 + s2 * (1.0 / 3.0 + s2 * (1.0 / 5.0 + s2 * (1.0 / 7.0 + s2 * (1.0 / 9.0 + s2 / 11.0))));
  return (f32(k) - 24.0) * 0.6931471806 + 2.0 * s * series;
}

// cos and sin of 2 pi m 2^-24 = (pi/2)(q + f) with an integer q and |f| <= 1/2
fn turn(m: u32) -> vec2f {
  let q = (m + (1u << 21u)) >> 22u;
  let x = 1.5707963268 * f32(i32(m) - i32(q << 22u)) * 0x1p-22;
  let x2 = x * x;
  let s = x * (1.0 + x2 * (-1.0 / 6.0 + x2 * (1.0 / 120.0 + x2 * (-1.0 / 5040.0 + x2 / 362880.0))));
  let c = 1.0 + x2 * (-1.0 / 2.0 + x2 * (1.0 / 24.0 + x2 * (-1.0 / 720.0 + x2 / 40320.0)));
  let swapped = select(vec2f(c, s), vec2f(-s, c), (q & 1u) == 1u);
  return select(swapped, -swapped, (q & 2u) == 2u);
}

fn normals(first: u32, second: u32) -> vec2f {
  return sqrt(-2.0 * logOf((first >> 8u) + 1u)) * turn(second >> 8u);
}

fn values(words: vec4u) -> vec4f {
  switch (DISTRIBUTION) {
    case 0u: { return vec4f(words >> vec4u(8u)) * 0x1p-24; }
    case 1u: { return vec4f(normals(words.x, words.y), normals(words.z, words.w)); }
    case 2u: { return vec4f(words >> vec4u(16u)); }
    default: { return vec4f(words & vec4u(0xffffu)); }
  }
}

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) local: u32) {
  let i = (group.x + group.y * groups.x) * WG + local;
  if (i >= p.quads) { return; }
  let low = p.blockLow + i;
  let top = p.blockHigh + select(0u, 1u, low < i);
  let here = values(philox(low, top));
  if (PHASE == 0u) {
    y[i] = here;
    return;
  }
  let next = values(philox(low + 1u, top + select(0u, 1u, low == 0xffffffffu)));
  switch (PHASE) {
    case 1u: { y[i] = vec4f(here.yzw, next.x); }
    case 2u: { y[i] = vec4f(here.zw, next.xy); }
    default: { y[i] = vec4f(here.w, next.xyz); }
  }
}

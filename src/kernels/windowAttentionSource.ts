import { repeat as each } from './rows3x3.js';
import { memoized } from './source.js';

/** What the WGSL of windowAttention.ts depends on. */
export interface WindowAttentionVariant {
  /** Quads of a block: 4 × 4 · block scores are in registers at a time. */
  readonly block: number;
  /** Neighbouring lanes that work on the same window and head and share loads; divides `block`. */
  readonly share: number;
  /** Whether four neighbouring pixels of a window are one vec4. */
  readonly aligned: boolean;
}

/**
 * Four pixels of a window, a quad, are the components of a vec4f. An invocation takes one quad and meets the other pixels
 * of the window in blocks of quads. Each of the lanes that share loads every share-th quad of a block, and fetches the
 * others by shuffle. That takes invocations in the order of their index to be the lanes of a subgroup, as they are in
 * workgroups of one dimension. Channels are walked over in loops, and what more than one block gives is added up in
 * memory: with all channels in registers, LLVM takes minutes to compile it.
 */
const common = ({ aligned }: WindowAttentionVariant): string => `
const WG = 32u;
alias Spot = ${aligned ? 'u32' : 'vec4u'}; // where four pixels are in one channel of an item

struct Params {
  count: u32, windows: u32, chunk: u32, heads: u32, d: u32, frames: u32, rows: u32, columns: u32, w: u32, plane: u32,
  size: u32,   // side of a window
  shift: u32,  // of the frames before
  pixels: u32, // of a window in all frames
  end: u32,    // where the first part of the result ends
  second: u32, // where the second begins; zeros between them
  scale: f32,  // 1 / sqrt(d)
}

/** A window, and the first of the items of its clip. */
struct Window { row: u32, column: u32, item: u32 }

fn windowAt(index: u32) -> Window {
  let clip = index / (p.columns * p.rows);
  return Window(index / p.columns % p.rows, index % p.columns, clip * p.frames);
}

/** Column, row and frame of a pixel in a window. */
fn insideOf(pixel: u32) -> vec3u {
  let row = pixel / p.size;
  let frame = row / p.size;
  return vec3u(pixel - row * p.size, row - frame * p.size, frame);
}

/** Item and pixel in its plane. Pixels beyond the last one repeat it. */
fn placeOf(window: Window, pixel: u32) -> vec2u {
  let inside = insideOf(min(pixel, p.pixels - 1u));
  let y = window.row * p.size + inside.y;
  return vec2u(window.item + inside.z, y * p.w + window.column * p.size + inside.x);
}

/** The spot of four pixels in a tensor of so many channels, at one of them. */
fn spotOf(window: Window, first: u32, channels: u32, channel: u32) -> Spot {
${
  aligned
    ? `  let place = placeOf(window, first);
  return (place.x * channels + channel) * p.plane + place.y / 4u;`
    : `  var spot: vec4u;
  for (var z = 0u; z < 4u; z++) {
    let place = placeOf(window, first + z);
    spot[z] = (place.x * channels + channel) * p.plane + place.y;
  }
  return spot;`
}
}

/** Along which axes four pixels came around the edge. */
fn sidesOf(window: Window, first: u32) -> vec4u {
${
  aligned
    ? `  let inside = insideOf(first);
  let x = inside.x + vec4u(0u, 1u, 2u, 3u);
  let y = vec4u(inside.y);`
    : `  let pixel = first + vec4u(0u, 1u, 2u, 3u);
  let x = pixel % p.size;
  let y = pixel / p.size % p.size;`
}
  let edge = vec4u(p.size - p.shift);
  return select(vec4u(), vec4u(1u), y >= edge) * select(0u, 1u, window.row == p.rows - 1u)
       + select(vec4u(), vec4u(2u), x >= edge) * select(0u, 1u, window.column == p.columns - 1u);
}

/** M between one pixel and four. */
fn mask(side: u32, sides: vec4u) -> vec4f {
  return select(vec4f(), vec4f(-100.0), sides != vec4u(side));
}

/** B of four queries and a key. */
fn biasOf(head: u32, key: u32, query: u32) -> vec4f {
  let row = (head * p.pixels + min(key, p.pixels - 1u)) * p.pixels;
  let last = p.pixels - 1u;
${
  aligned
    ? '  return bias[(row + min(query, last)) / 4u];'
    : `  return vec4f(bias[row + min(query, last)], bias[row + min(query + 1u, last)], bias[row + min(query + 2u, last)],
               bias[row + min(query + 3u, last)]);`
}
}
`;

/** Four elements of an array, `step` beyond a spot. */
const load = ({ aligned }: WindowAttentionVariant, array: string, spot: string, step: string): string =>
  aligned
    ? `${array}[${spot} + ${step}]`
    : `vec4f(${list(4, (z) => `${array}[${spot}.${'xyzw'[z]} + ${step}]`, ', ')})`;

/** Stores four elements of y, as far as there are so many pixels. */
const store = ({ aligned }: WindowAttentionVariant, spot: string, step: string, value: string): string =>
  aligned
    ? `y[${spot} + ${step}] = ${value};`
    : `{ let v = ${value}; ${list(4, (z) => `if (first + ${z}u < p.pixels) { y[${spot}.${'xyzw'[z]} + ${step}] = v[${z}]; }`)} }`;

const list = (n: number, text: (i: number) => string, between = ' '): string =>
  Array.from({ length: n }, (_, i) => text(i)).join(between);

/** Declares `name0` …, of each of the quads of a block that this lane loads: `text` of the first of its four pixels. */
const own = (
  { block, share }: WindowAttentionVariant,
  name: string,
  text: (pixel: string, i: number) => string,
) => each(block / share, (i) => `let ${name}${i} = ${text(`(start + 4u * (mine + ${i * share}u))`, i)};`);

/** What the lane that has loaded quad k of the block calls `name0` … */
const fetch = ({ share }: WindowAttentionVariant, name: string, k: number): string =>
  share === 1 ? `${name}${k}` : `subgroupShuffle(${name}${Math.floor(k / share)}, leader + ${k % share}u)`;

/** Σ of the block's `names`, each a vec4f over own pixels, times the channel's pixels that the lanes hold in `name`. */
const weighted = (v: WindowAttentionVariant, names: string, name: string): string =>
  each(
    v.block,
    (k) =>
      `{ let f = ${fetch(v, name, k)}; sum += ${list(4, (z) => `${names}${4 * k + z} * f[${z}]`, ' + ')}; }`,
  );

/** Adds products of own pixels and the block's, in one channel, to the block's `names`. */
const products = (v: WindowAttentionVariant, names: string, mine: string, name: string): string =>
  each(
    v.block,
    (k) =>
      `{ let f = ${fetch(v, name, k)}; ${list(4, (z) => `${names}${4 * k + z} += ${mine} * f[${z}];`)} }`,
  );

const eachPixel = ({ block }: WindowAttentionVariant, text: (i: number) => string): string =>
  each(4 * block, text);

/**
 * A loop over the quads of the block; `pixel` is the first of one. What loads or stores something for each pixel is in
 * such a loop, in which `moveUp` brings the next `names` to the front: LLVM takes seconds to compile all of it at once.
 */
const eachQuad = ({ block }: WindowAttentionVariant, text: string): string =>
  `for (var pixel = start; pixel < start + ${4 * block}u; pixel += 4u) {
${text}
}`;

const moveUp = ({ block }: WindowAttentionVariant, names: string): string =>
  each(4 * (block - 1), (i) => `${names}${i} = ${names}${i + 4};`);

/** Declares s0 …, of the block's pixels: `text` for the quad that starts at `pixel`, after what `before` declares. */
const scores = (v: WindowAttentionVariant, text: (z: number) => string, before = ''): string => `
${eachPixel(v, (i) => `var s${i}: vec4f;`)}
${eachQuad(
  v,
  `${before}
${moveUp(v, 's')}
${each(4, (z) => `s${4 * (v.block - 1) + z} = ${text(z)};`)}`,
)}`;

/** Bindings, what all kernels share, and the beginning of `main`. */
const head = (inputs: readonly string[], v: WindowAttentionVariant): string => {
  const T = v.aligned ? 'vec4f' : 'f32';
  const { share } = v;
  return `${share > 1 ? 'enable subgroups;' : ''}
${inputs.map((name, i) => `@group(0) @binding(${i}) var<storage, read> ${name}: array<${T}>;`).join('\n')}
@group(0) @binding(${inputs.length}) var<storage, read_write> y: array<${T}>;
@group(0) @binding(${inputs.length + 1}) var<uniform> p: Params;
${common(v)}
@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) local: u32${share > 1 ? ', @builtin(subgroup_invocation_id) lane: u32' : ''}) {
  let index = (group.x + group.y * groups.x) * WG + local;
  if (index == 0u) {
    for (var i = p.end; i < p.second; i++) { y[i] = ${T}(); }
  }
  let task = min(index, p.count - 1u); // surplus lanes work along, for the sake of the shuffles
  let quads = (p.pixels + 3u) / 4u;
  let first = task % quads * 4u;
  let head = task / quads % p.heads;
  let c = p.heads * p.d;
  let mine = ${share > 1 ? `lane % ${share}u` : '0u'};
${share > 1 ? '  let leader = lane - mine;' : ''}`;
};

/** y, and L behind it. */
const forward = (v: WindowAttentionVariant): string => `${head(['qkv', 'bias'], v)}
  let window = windowAt(task / (quads * p.heads));
  let sides = sidesOf(window, first);
  let queries = spotOf(window, first, 3u * c, head * p.d);
  let out = spotOf(window, first, c, head * p.d);
  var m = vec4f(-3e38); // the greatest score so far
  var z = vec4f();      // sum_j exp(s_j - m)
  for (var start = 0u; start < p.pixels; start += ${4 * v.block}u) {
${own(v, 'keys', (pixel) => `spotOf(window, ${pixel}, 3u * c, c + head * p.d)`)}
${own(v, 'side', (pixel) => `sidesOf(window, ${pixel})`)}
${scores(v, (z) => `biasOf(head, pixel + ${z}u, first)`)}
${each(v.block, (k) => `{ let f = ${fetch(v, 'side', k)}; ${list(4, (z) => `s${4 * k + z} += mask(f[${z}], sides);`)} }`)}
    for (var e = 0u; e < p.d; e++) {
      let q = ${load(v, 'qkv', 'queries', 'e * p.plane')} * p.scale;
${own(v, 'k', (_, i) => load(v, 'qkv', `keys${i}`, 'e * p.plane'))}
${products(v, 's', 'q', 'k')}
    }
    if (start + ${4 * v.block}u > p.pixels) {
${eachPixel(v, (i) => `if (start + ${i}u >= p.pixels) { s${i} = vec4f(-3e38); }`)}
    }
    var n = m;
${eachPixel(v, (i) => `n = max(n, s${i});`)}
    let less = exp(m - n);
    m = n;
    z *= less;
${eachPixel(v, (i) => `s${i} = exp(s${i} - n); z += s${i};`)}
    let divisor = select(vec4f(1.0), z, start + ${4 * v.block}u >= p.pixels);
    for (var e = 0u; e < p.d; e++) {
${own(v, 'v', (_, i) => load(v, 'qkv', `keys${i}`, '(c + e) * p.plane'))}
      var sum = vec4f();
      if (start > 0u) { sum = ${load(v, 'y', 'out', 'e * p.plane')} * less; }
${weighted(v, 's', 'v')}
      if (index < p.count) { ${store(v, 'out', 'e * p.plane', 'sum / divisor')} }
    }
  }
  if (index >= p.count) { return; }
  let logs = spotOf(window, first, p.heads, head) + p.second;
  ${store(v, 'logs', '0u', 'm + log(z)')}
}
`;

/**
 * dL/dq, and behind it dL/dB of a chunk of windows: the windows are walked over within each block of keys, so that the
 * sums over them are registers.
 */
const queries = (v: WindowAttentionVariant): string => `${head(['qkv', 'bias', 'logs', 'ds', 'gs'], v)}
  let chunk = task / (quads * p.heads);
  for (var start = 0u; start < p.pixels; start += ${4 * v.block}u) {
${eachPixel(v, (i) => `var sum${i} = vec4f();`)}
    for (var number = 0u; number < p.chunk; number++) {
      let counts = index < p.count && chunk * p.chunk + number < p.windows; // else it works along
      let window = windowAt(min(chunk * p.chunk + number, p.windows - 1u));
      let sides = sidesOf(window, first);
      let at = spotOf(window, first, 3u * c, head * p.d);
      let out = spotOf(window, first, c, head * p.d);
      let state = spotOf(window, first, p.heads, head);
      let l = ${load(v, 'logs', 'state', '0u')};
      let gy = ${load(v, 'ds', 'state', '0u')};
${own(v, 'keys', (pixel) => `spotOf(window, ${pixel}, 3u * c, c + head * p.d)`)}
${own(v, 'side', (pixel) => `sidesOf(window, ${pixel})`)}
${scores(v, (z) => `biasOf(head, pixel + ${z}u, first) - l`)}
${eachPixel(v, (i) => `var t${i} = -gy;`)}
${each(v.block, (k) => `{ let f = ${fetch(v, 'side', k)}; ${list(4, (z) => `s${4 * k + z} += mask(f[${z}], sides);`)} }`)}
      for (var e = 0u; e < p.d; e++) {
        let q = ${load(v, 'qkv', 'at', 'e * p.plane')} * p.scale;
        let g = ${load(v, 'gs', 'out', 'e * p.plane')};
${own(v, 'k', (_, i) => load(v, 'qkv', `keys${i}`, 'e * p.plane'))}
${own(v, 'v', (_, i) => load(v, 'qkv', `keys${i}`, '(c + e) * p.plane'))}
${products(v, 's', 'q', 'k')}
${products(v, 't', 'g', 'v')}
      }
${eachPixel(v, (i) => `t${i} *= exp(s${i});`)}
      if (start + ${4 * v.block}u > p.pixels) {
${eachPixel(v, (i) => `if (start + ${i}u >= p.pixels) { t${i} = vec4f(); }`)}
      }
      if (counts) {
${eachPixel(v, (i) => `sum${i} += t${i};`)}
      }
      for (var e = 0u; e < p.d; e++) {
${own(v, 'k', (_, i) => load(v, 'qkv', `keys${i}`, 'e * p.plane'))}
        var sum = vec4f();
${weighted(v, 't', 'k')}
        sum *= p.scale;
        if (start > 0u) { sum += ${load(v, 'y', 'out', 'e * p.plane')}; }
        if (counts) { ${store(v, 'out', 'e * p.plane', 'sum')} }
      }
    }
    if (index < p.count) {
${eachQuad(
  v,
  `${each(4, (z) => `storeBias(chunk, head, pixel + ${z}u, first, sum${z});`)}
${moveUp(v, 'sum')}`,
)}
    }
  }
}

/** dL/dB of four queries and a key. */
fn storeBias(chunk: u32, head: u32, key: u32, query: u32, value: vec4f) {
  if (key >= p.pixels) { return; }
  let row = ((chunk * p.heads + head) * p.pixels + key) * p.pixels + query;
${
  v.aligned
    ? '  y[p.second + row / 4u] = value;'
    : `  for (var z = 0u; z < 4u; z++) {
    if (query + z < p.pixels) { y[p.second + row + z] = value[z]; }
  }`
}
}
`;

/** dL/dk and dL/dv, as channels 0 … 2c - 1. */
const keys = (v: WindowAttentionVariant): string => `${head(['qkv', 'bias', 'logs', 'ds', 'gs'], v)}
  let window = windowAt(task / (quads * p.heads));
  let sides = sidesOf(window, first);
  let at = spotOf(window, first, 3u * c, c + head * p.d);
  let out = spotOf(window, first, 2u * c, head * p.d);
  for (var start = 0u; start < p.pixels; start += ${4 * v.block}u) {
${own(v, 'queries', (pixel) => `spotOf(window, ${pixel}, 3u * c, head * p.d)`)}
${own(v, 'outs', (pixel) => `spotOf(window, ${pixel}, c, head * p.d)`)}
${own(v, 'states', (pixel) => `spotOf(window, ${pixel}, p.heads, head)`)}
${own(v, 'side', (pixel) => `sidesOf(window, ${pixel})`)}
${own(v, 'l', (_, i) => load(v, 'logs', `states${i}`, '0u'))}
${own(v, 'd', (_, i) => load(v, 'ds', `states${i}`, '0u'))}
${scores(
  v,
  (z) => `vec4f(b0[${z}], b1[${z}], b2[${z}], b3[${z}])`,
  each(4, (z) => `let b${z} = biasOf(head, first + ${z}u, pixel);`),
)}
${eachPixel(v, (i) => `var t${i}: vec4f;`)}
${each(
  v.block,
  (k) => `{
  let ls = ${fetch(v, 'l', k)};
let gys = ${fetch(v, 'd', k)};
let f = ${fetch(v, 'side', k)};
${each(4, (z) => `  s${4 * k + z} = s${4 * k + z} + mask(f[${z}], sides) - ls[${z}]; t${4 * k + z} = vec4f(-gys[${z}]);`)}
}`,
)}
    for (var e = 0u; e < p.d; e++) {
      let k = ${load(v, 'qkv', 'at', 'e * p.plane')} * p.scale;
      let v = ${load(v, 'qkv', 'at', '(c + e) * p.plane')};
${own(v, 'q', (_, i) => load(v, 'qkv', `queries${i}`, 'e * p.plane'))}
${own(v, 'g', (_, i) => load(v, 'gs', `outs${i}`, 'e * p.plane'))}
${products(v, 's', 'k', 'q')}
${products(v, 't', 'v', 'g')}
    }
${eachPixel(v, (i) => `s${i} = exp(s${i});`)}
    if (start + ${4 * v.block}u > p.pixels) {
${eachPixel(v, (i) => `if (start + ${i}u >= p.pixels) { s${i} = vec4f(); }`)}
    }
${eachPixel(v, (i) => `t${i} *= s${i};`)}
    for (var e = 0u; e < p.d; e++) {
${own(v, 'q', (_, i) => load(v, 'qkv', `queries${i}`, 'e * p.plane'))}
${own(v, 'g', (_, i) => load(v, 'gs', `outs${i}`, 'e * p.plane'))}
      var gk: vec4f;
      {
        var sum = vec4f();
${weighted(v, 't', 'q')}
        gk = sum * p.scale;
      }
      var sum = vec4f();
${weighted(v, 's', 'g')}
      if (start > 0u) {
        gk += ${load(v, 'y', 'out', 'e * p.plane')};
        sum += ${load(v, 'y', 'out', '(c + e) * p.plane')};
      }
      if (index < p.count) {
        ${store(v, 'out', 'e * p.plane', 'gk')}
        ${store(v, 'out', '(c + e) * p.plane', 'sum')}
      }
    }
  }
}
`;

export const windowAttentionSource = memoized(forward);
export const queriesGradSource = memoized(queries);
export const keysGradSource = memoized(keys);

/**
 * One level of the orthonormal Haar wavelet transform. For each 2 × 2 block [[a, b], [c, d]]:
 *
 *   LL = (a + b + c + d)/2   LH = (a − b + c − d)/2   HL = (a + b − c − d)/2   HH = (a − b − c + d)/2
 *
 * x [n, c, 2h, 2w] ↔ y [n, 4c, h, w] with bands in the order LL, LH, HL, HH, each of all c channels. The 4 × 4
 * matrix is symmetric and orthogonal, so it is its own inverse.
 */
import type { Kernel, Launch } from './kernel.js';
import { dims, ShapeError, type Shape } from './shape.js';
import { fold, uniforms, wgsl } from './source.js';

const WG = 64;

// A pair of loads l, r from one row of x holds T evens and T odds.
const single = `alias T = f32;
fn evens(l: T, r: T) -> T { return l; }
fn odds(l: T, r: T) -> T { return r; }
fn left(evens: T, odds: T) -> T { return evens; }
fn right(evens: T, odds: T) -> T { return odds; }
`;
const quads = `alias T = vec4f;
fn evens(l: T, r: T) -> T { return vec4f(l.xz, r.xz); }
fn odds(l: T, r: T) -> T { return vec4f(l.yw, r.yw); }
fn left(evens: T, odds: T) -> T { return vec4f(evens.x, odds.x, evens.y, odds.y); }
fn right(evens: T, odds: T) -> T { return vec4f(evens.z, odds.z, evens.w, odds.w); }
`;
const forward = wgsl(import.meta.url, './haar.wgsl');
const inverse = wgsl(import.meta.url, './haarInverse.wgsl');

/** @param shape of the image, [n, c, 2h, 2w] */
function launch(source: string, [n, c, height, width]: Shape): Launch {
  const [h, w] = [height / 2, width / 2];
  const wide = w % 4 === 0;
  const w4 = wide ? w / 4 : w;
  const count = n * c * h * w4;
  return {
    wgsl: (wide ? quads : single) + source,
    workgroups: fold(Math.ceil(count / WG)),
    constants: { WG },
    uniforms: uniforms(count, c, h, w4),
  };
}

/** Calls `visit` with the places of each block's a, b, c, d in the image and LL, LH, HL, HH in the bands. */
function blocks([n, c, height, width]: Shape, visit: (image: number[], bands: number[]) => void): void {
  const [h, w] = [height / 2, width / 2];
  for (let plane = 0; plane < n * c; plane++)
    for (let i = 0; i < h; i++)
      for (let j = 0; j < w; j++) {
        const a = (plane * height + 2 * i) * width + 2 * j;
        const [item, channel] = [Math.floor(plane / c), plane % c];
        const band = (k: number): number => (((4 * item + k) * c + channel) * h + i) * w + j;
        visit([a, a + 1, a + width, a + width + 1], [band(0), band(1), band(2), band(3)]);
      }
}

const butterfly = (a: number, b: number, c: number, d: number): number[] => [
  (a + b + c + d) / 2,
  (a - b + c - d) / 2,
  (a + b - c - d) / 2,
  (a - b - c + d) / 2,
];

/** Half the sum of the magnitudes of a block, at each of its places: what a rounding error is relative to. */
const magnitude = (a: number, b: number, c: number, d: number): number[] =>
  new Array<number>(4).fill((Math.abs(a) + Math.abs(b) + Math.abs(c) + Math.abs(d)) / 2);

type Block = typeof butterfly;

function analyse(x: Float64Array, shape: Shape, f: Block): Float64Array {
  const y = new Float64Array(x.length);
  blocks(shape, ([a, b, c, d], bands) => f(x[a], x[b], x[c], x[d]).forEach((v, k) => (y[bands[k]] = v)));
  return y;
}

function synthesise(y: Float64Array, bandShape: Shape, f: Block): Float64Array {
  const x = new Float64Array(y.length);
  blocks(imageShape(bandShape), (image, [ll, lh, hl, hh]) =>
    f(y[ll], y[lh], y[hl], y[hh]).forEach((v, k) => (x[image[k]] = v)),
  );
  return x;
}

const imageShape = ([n, c4, h, w]: Shape): Shape => [n, c4 / 4, 2 * h, 2 * w];

export const haarForward: Kernel = {
  name: 'haar',
  outShape([x]) {
    const { n, c, h, w } = dims('haar', x, 'n c h w');
    if (h % 2 !== 0 || w % 2 !== 0) throw new ShapeError('haar', 'even h and w', x);
    return [n, 4 * c, h / 2, w / 2];
  },
  launch: ([x]) => launch(forward, x),
  reference: ([x], [shape]) => analyse(x, shape, butterfly),
  roundings: () => 2, // two levels of additions; halving is exact
  errorScale: ([x], [shape]) => analyse(x, shape, magnitude),
};

export const haarInverse: Kernel = {
  name: 'haarInverse',
  outShape([y]) {
    const { c } = dims('haarInverse', y, 'n c h w');
    if (c % 4 !== 0) throw new ShapeError('haarInverse', 'four bands of channels', y);
    return imageShape(y);
  },
  launch: ([y]) => launch(inverse, imageShape(y)),
  reference: ([y], [shape]) => synthesise(y, shape, butterfly),
  roundings: () => 2,
  errorScale: ([y], [shape]) => synthesise(y, shape, magnitude),
};

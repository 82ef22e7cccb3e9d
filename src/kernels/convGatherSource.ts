import type { Direction } from './conv3x3.js';
import { addProducts, endTile, startChannels, startTile, tileParams, type GatherTile } from './gatherTile.js';

/**
 * y[n, o, r, c] = b[o] + Σ_{i, u, v} w[o, i, u, v] x[n, i, r s + u − p, c s + v − p]
 *
 * The columns of a tile are pixels of y.
 *
 * The gradient by x is written with x for g and y for the gradient. Its pixel (α + r s, β + c s) meets only the taps
 * u = u0 + t s, where u0 = (α + p) mod s, and of g the rows r + ⌊(α + p) / s⌋ − t; likewise in v and columns. So each
 * invocation has pixels of one class (α, β), of which there are s², and no product is in vain.
 */
export const convGatherSource = (direction: Direction, tile: GatherTile): string => {
  const { bindings, place, next, last } = parts[direction];
  return `${tile.shared ? 'enable subgroups;' : ''}
struct Params {${tileParams}
  pixels: u32, rows: u32, columns: u32, // of a class: of all items, and how they lie in one
  ins: u32, groups: u32,                // channels of x in a group; groups
  h: u32, w: u32,                       // of x
  yh: u32, yw: u32,                     // of y
  kh: u32, kw: u32, stride: u32, padding: u32,
  inStep: u32, outStep: u32,            // from channel to channel of the weights
}

@group(0) @binding(0) var<storage, read>       x: array<f32>; // [n, groups · ins, h, w]
@group(0) @binding(1) var<storage, read>       w: array<f32>; // [co, ci / groups, kh, kw]${bindings}
${startTile(tile)}
  let pixel = min(own, vec4u(p.pixels - 1u)); // surplus columns repeat the last
  let line = pixel / p.columns;
  let c = pixel - line * p.columns;
  let n = line / p.rows;
  let r = line - n * p.rows;
${place}
  let item = n * p.groups + g;
${startChannels(tile, 'g * p.ins * p.outs * p.kh * p.kw', 'p.outStep')}
  var row = top;
  for (var u = u0; u < p.kh; u += step) {
    var column = left;
    for (var v = v0; v < p.kw; v += step) {
      let inside = (row < vec4u(p.h)) & (column < vec4u(p.w));
      var at = (item * p.ins * p.h + row) * p.w + column;
      var tap = u * p.kw + v;
      for (var i = 0u; i < p.ins; i++) {
        let q = gather(at, inside);
${addProducts(tile, 'w', 'tap', 'q')}
        at += p.h * p.w;
        tap += p.inStep;
      }
      column ${next} 1u;
    }
    row ${next} 1u;
  }
  let kept = (own < vec4u(p.pixels)) & (toRow < vec4u(p.yh)) & (toColumn < vec4u(p.yw));
  let area = p.yh * p.yw;
  let to = (item * p.outs + o) * area + toRow * p.yw + toColumn;
${endTile(tile, 'y', 'area', last)}`;
};

/** In what the two differ. */
interface Parts {
  /** From 2 on. */
  readonly bindings: string;
  /**
   * Declares, for pixels in row `r` and column `c` of their class: the group of channels, `g`; where they are in y; the
   * first taps, and the step from one to the next; where in x their first taps are.
   */
  readonly place: string;
  /** How the row and the column of x go from tap to tap. */
  readonly next: '+=' | '-=';
  /** What is added to the sum of a channel. */
  readonly last: (channel: string) => string;
}

const parts: Readonly<Record<Direction, Parts>> = {
  forward: {
    bindings: `
@group(0) @binding(2) var<storage, read>       b: array<f32>; // [groups · outs]
@group(0) @binding(3) var<storage, read_write> y: array<f32>; // [n, groups · outs, yh, yw]
@group(0) @binding(4) var<uniform>             p: Params;`,
    place: `
  let g = image;
  let toRow = r;
  let toColumn = c;
  let u0 = 0u;
  let v0 = 0u;
  let step = 1u;
  let top = r * p.stride - p.padding; // above zero: a huge u32, which is no row
  let left = c * p.stride - p.padding;`,
    next: '+=',
    last: (channel) => ` + b[g * p.outs + ${channel}]`,
  },
  inputGrad: {
    bindings: `
@group(0) @binding(2) var<storage, read_write> y: array<f32>; // [n, groups · outs, yh, yw]
@group(0) @binding(3) var<uniform>             p: Params;`,
    place: `
  let g = image % p.groups;
  let alpha = image / p.groups % p.stride;
  let beta = image / p.groups / p.stride;
  let toRow = alpha + r * p.stride;
  let toColumn = beta + c * p.stride;
  let u0 = (alpha + p.padding) % p.stride;
  let v0 = (beta + p.padding) % p.stride;
  let step = p.stride;
  let top = r + (alpha + p.padding) / p.stride;
  let left = c + (beta + p.padding) / p.stride;`,
    next: '-=',
    last: () => '',
  },
};

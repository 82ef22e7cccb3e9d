import { addProducts, endTile, startChannels, startTile, tileParams, type GatherTile } from './gatherTile.js';

/**
 * gw[n, o, i, u, v] = Σ_{r, c} g[n, o, r, c] x[n, i, r s + u − p, c s + v − p]
 *
 * The columns of a tile are (i, u, v): an invocation walks over the pixels of g.
 */
export const convGatherWeightGradSource = (tile: GatherTile): string =>
  `${tile.shared ? 'enable subgroups;' : ''}
struct Params {${tileParams}
  taps: u32,         // ins · kh · kw
  ins: u32,          // channels of x
  h: u32, w: u32,    // of x
  ho: u32, wo: u32,  // of g
  kh: u32, kw: u32, stride: u32, padding: u32,
}

@group(0) @binding(0) var<storage, read>       g:  array<f32>; // [n, outs, ho, wo]
@group(0) @binding(1) var<storage, read>       x:  array<f32>; // [n, ins, h, w]
@group(0) @binding(2) var<storage, read_write> gw: array<f32>; // [n, outs, ins, kh, kw]
@group(0) @binding(3) var<uniform>             p:  Params;
${startTile(tile)}
  let tap = min(own, vec4u(p.taps - 1u)); // surplus columns repeat the last
  let line = tap / p.kw;
  let i = line / p.kh;
  let plane = (image * p.ins + i) * p.h * p.w;
  let left = tap - line * p.kw - p.padding; // left of zero: a huge u32, which is no column
${startChannels(tile, 'image * p.outs * p.ho * p.wo', 'p.ho * p.wo')}
  var row = line - i * p.kh - p.padding;
  var pixel = 0u;
  for (var r = 0u; r < p.ho; r++) {
    let inRow = row < vec4u(p.h);
    let start = plane + row * p.w;
    var column = left;
    for (var c = 0u; c < p.wo; c++) {
      let q = gather(start + column, inRow & (column < vec4u(p.w)));
${addProducts(tile, 'g', 'pixel', 'q')}
      column += p.stride;
      pixel++;
    }
    row += p.stride;
  }
  let kept = own < vec4u(p.taps);
  let to = (image * p.outs + o) * p.taps + own;
${endTile(tile, 'gw', 'p.taps')}`;

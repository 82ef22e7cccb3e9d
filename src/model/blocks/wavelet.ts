/**
 * Changes of resolution by the Haar transform, as in WaveDiff (Phung et al. 2023).
 *
 * The orthonormal LL band of a constant c is 2c, so features would double at each level; LL/2, the mean of
 * four pixels, keeps them. The three high bands are differences and stay as they are. Hence the pair
 *
 *   split:      low = LL(x) / 2,   high = [LH, HL, HH](x)
 *   upsample:   y = IDWT(2 low, conv(high))
 *
 * gives y = x if conv is the identity and low was left alone.
 */
import { concat, dims, haar, haarInverse, scale, slice, type Tensor } from '../../tensor/index.js';
import type { Initialiser } from '../initialiser.js';
import { conv, initConv, type ConvParams } from './conv.js';

/** WD without weights, between encoder layers: x [n, c, 2h, 2w] → low [n, c, h, w], high [n, 3c, h, w]. */
export function waveletSplit(x: Tensor): { low: Tensor; high: Tensor } {
  const { c } = dims('waveletSplit: x', x.shape, 'n c h w');
  const bands = haar(x); // [n, 4c, h, w]
  return { low: scale(1 / 2, slice(bands, 1, 0, c)), high: slice(bands, 1, c, 4 * c) };
}

/** @param from channels before the transform @param to channels out */
export const initWaveletDownsample = (from: number, to: number, init: Initialiser): ConvParams =>
  initConv(init, { from: 4 * from, to, size: 3 });

/** WD with weights, for the LR frames: x [n, from, 2h, 2w] → conv(DWT(x) / 2) [n, to, h, w]. */
export const waveletDownsample = (x: Tensor, params: ConvParams): Tensor =>
  conv(scale(1 / 2, haar(x)), params);

/** @param from channels of the split x @param to channels of the low band to merge with */
export const initWaveletUpsample = (from: number, to: number, init: Initialiser): ConvParams =>
  initConv(init, { from: 3 * from, to: 3 * to, size: 3, groups: 3 });

/**
 * WU: low [n, c, h, w], high [n, 3b, h, w] → IDWT(2 low, conv(high)) [n, c, 2h, 2w]. Each of the three bands
 * has a 3×3 convolution b → c of its own.
 */
export function waveletUpsample(low: Tensor, high: Tensor, params: ConvParams): Tensor {
  const { n, c, h, w } = dims('waveletUpsample: low', low.shape, 'n c h w');
  dims('waveletUpsample: high', high.shape, 'n 3b h w', { n, h, w });
  dims('waveletUpsample: conv', params.weight.shape, '3c b kh kw', { '3c': 3 * c });
  return haarInverse(concat(1, scale(2, low), conv(high, params, 3)));
}

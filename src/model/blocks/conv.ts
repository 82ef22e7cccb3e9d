import { conv2d, type Tensor } from '../../tensor/index.js';
import type { Initialiser } from '../initialiser.js';

/** A convolution with a bias. Bias-free convolutions are a weight tensor alone. */
export interface ConvParams {
  readonly weight: Tensor; // [to, from / groups, size, size]
  readonly bias: Tensor; // [to]
}

/** Sizes of a convolution. */
export interface ConvSize {
  /** Channels in. */
  readonly from: number;
  /** Channels out. */
  readonly to: number;
  /** Height and width of the filters, odd. */
  readonly size: 1 | 3;
  /** Groups of channels that do not see each other; 1 if left out. */
  readonly groups?: number;
}

/** Convolution that keeps the height and width: x [n, from, h, w] → [n, to, h, w]. */
export const conv = (x: Tensor, { weight, bias }: ConvParams, groups = 1): Tensor =>
  conv2d(x, weight, bias, { padding: (weight.shape[2] - 1) / 2, groups });

/** A convolution without bias that keeps the height and width. */
export const filter = (x: Tensor, weight: Tensor, groups = 1): Tensor =>
  conv2d(x, weight, undefined, { padding: (weight.shape[2] - 1) / 2, groups });

/**
 * Weights w ~ N(0, 1 / fan-in): the variance of the input is kept where it has mean 0 [LeCun et al. 1998,
 * "Efficient BackProp"]. Almost every convolution here is followed or preceded by a normalisation, so the
 * factor 2 of He et al. (2015) for rectifiers has nothing to act on.
 */
export const initFilter = (init: Initialiser, { from, to, size, groups = 1 }: ConvSize): Tensor =>
  init.normal([to, from / groups, size, size], 1 / Math.sqrt((from / groups) * size * size));

/** Weights as `initFilter`, and one bias for all channels. */
export const initConv = (init: Initialiser, size: ConvSize, bias = 0): ConvParams => ({
  weight: initFilter(init.at('weight'), size),
  bias: init.constant([size.to], bias),
});

/**
 * All zero: for the last convolution of a residual branch, so that the branch starts as y = 0. The residual
 * stream then neither grows with depth nor hides the gradient, and each branch comes in as it learns.
 */
export const initZeroConv = (init: Initialiser, { from, to, size }: ConvSize): ConvParams => ({
  weight: init.constant([to, from, size, size], 0),
  bias: init.constant([to], 0),
});

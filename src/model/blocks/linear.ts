import { matmul, matmulBias, type Tensor } from '../../tensor/index.js';
import type { Initialiser } from '../initialiser.js';

/** A linear map of the last axis. */
export interface LinearParams {
  readonly weight: Tensor; // [to, from]
  readonly bias: Tensor; // [to]
}

/** x Wᵀ + b: x [.., n, from] → [.., n, to]. */
export const linear = (x: Tensor, { weight, bias }: LinearParams): Tensor =>
  matmulBias(x, weight, bias, 'column', { tb: true });

/** A linear map without bias, x Wᵀ: x [.., n, from], W [to, from] → [.., n, to]. */
export const project = (x: Tensor, weight: Tensor): Tensor => matmul(x, weight, { tb: true });

/** Weights N(0, 1 / from), as `initFilter` has them. */
export const initProjection = (init: Initialiser, from: number, to: number): Tensor =>
  init.normal([to, from], 1 / Math.sqrt(from));

/** Weights as `initProjection`; the bias is 0. */
export const initLinear = (init: Initialiser, from: number, to: number): LinearParams => ({
  weight: initProjection(init.at('weight'), from, to),
  bias: init.constant([to], 0),
});

/** All zero: for the last map of a residual branch, as `initZeroConv`. */
export const initZeroLinear = (init: Initialiser, from: number, to: number): LinearParams => ({
  weight: init.constant([to, from], 0),
  bias: init.constant([to], 0),
});

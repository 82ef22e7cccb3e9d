import { layerNorm, type Tensor } from '../../tensor/index.js';
import type { Initialiser } from '../initialiser.js';

/** Scale and shift after a normalisation, one of each per channel. */
export interface NormParams {
  readonly gamma: Tensor; // [c]
  readonly beta: Tensor; // [c]
}

/** Starts as the plain normalisation: γ = 1, β = 0. */
export const initNorm = (init: Initialiser, channels: number): NormParams => ({
  gamma: init.constant([channels], 1),
  beta: init.constant([channels], 0),
});

/** Layer normalisation of each pixel over its channels: x [n, c, h, w] → the same shape. */
export const channelNorm = (x: Tensor, { gamma, beta }: NormParams): Tensor => layerNorm(x, gamma, beta, 1);

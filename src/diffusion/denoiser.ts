import { scale, type Tensor } from '../tensor/index.js';
import type { Schedule } from './schedule.js';

/**
 * What predicts the HR frames x̂_0 from the state.
 *
 * @param state [n, 3, h, w], the pixels of the state times `inputScale(t)`
 * @param t step of the chain that the denoiser was trained on, 1 … T
 * @returns x̂_0 [n, 3, h, w] in pixels, about [−1, 1]
 */
export type Denoiser = (state: Tensor, t: number) => Tensor;

/**
 * What the denoiser's input is multiplied by, so that its variance stays near 1 at every step: the state has
 * noise of variance κ² η_t, its frames a variance below 1. The rule is ResShift's.
 *
 *   1 / √(κ² η_t + 1)
 */
export const inputScale = (t: number, { eta, kappa }: Schedule): number =>
  1 / Math.sqrt(kappa ** 2 * eta[t] + 1);

/** x̂_0 in pixels, from an unscaled state of step t of `s`. */
export const denoise = (denoiser: Denoiser, state: Tensor, t: number, s: Schedule): Tensor =>
  denoiser(scale(inputScale(t, s), state), s.timesteps?.[t] ?? t);

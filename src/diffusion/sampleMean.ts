import { free, type Tensor, type Values } from '../tensor/index.js';
import type { Denoiser } from './denoiser.js';
import { sampleClip, type SamplerOptions } from './sampler.js';
import type { Schedule } from './schedule.js';

export interface MeanOptions extends SamplerOptions {
  /** K, at least 1; 1 if left out. */
  readonly samples?: number;
}

/** The HR frames of a clip on the host, and what it hands on. */
export interface MeanOfSamples<C> {
  /** x̄ [n, c, h, w] in [−1, 1] */
  readonly x0: Values;
  /** What `carry` returned; `undefined` without one. */
  readonly carried: C | undefined;
}

/**
 * The mean of K samples of one clip, with seeds seed … seed + K − 1 (mod 2^32):
 *
 *   x̄ = 1/K Σ_k x_0⁽ᵏ⁾,   E‖x̄ − x‖² = ‖E[x_0 | u_l] − x‖² + 1/K · Var[x_0 | u_l]   for every x
 *
 * What the samples have in common stays; what each of them made up fades, texture among it. Not in the paper.
 *
 * @param carry as in `sampleClip`; called for the first sample alone, so that one memory goes from clip to clip
 * @returns what was carried is the caller's to free
 * @throws as `sampleClip`, and RangeError if K is no whole number from 1 on
 */
export async function sampleMean<C extends object>(
  denoiser: Denoiser,
  upscaled: Tensor,
  frames: readonly number[],
  s: Schedule,
  { samples = 1, seed, ...options }: MeanOptions,
  carry?: () => C,
): Promise<MeanOfSamples<C>> {
  if (!(Number.isInteger(samples) && samples >= 1))
    throw new RangeError(`sampleMean: expected a whole number of samples from 1 on, got ${samples}`);
  let mean: Values | undefined;
  let carried: C | undefined;
  try {
    for (let k = 0; k < samples; k++) {
      const own = { ...options, seed: (seed + k) % 2 ** 32 };
      const clip = await sampleClip(denoiser, upscaled, frames, s, own, k === 0 ? carry : undefined);
      carried ??= clip.carried;
      options.observe?.(45, 'I_SR', clip.x0);
      const x0 = await clip.x0.read().finally(() => free(clip.x0));
      mean = mean?.map((m, i) => m + (x0[i] - m) / (k + 1)) ?? x0;
    }
  } catch (error) {
    free({ carried });
    throw error;
  }
  return { x0: mean!, carried };
}

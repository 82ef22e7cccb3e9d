/**
 * The reverse process. Between steps the state is an image; the DCT is used inside a step only.
 */
import { clamp, dims, free, type Observer, scope, ShapeError, type Tensor } from '../tensor/index.js';
import { toPixels, toSpectrum } from './blockSpectrum.js';
import { denoise, type Denoiser } from './denoiser.js';
import { deterministicStep } from './deterministic.js';
import { frameNoise } from './frameNoise.js';
import { type Gaussian, sample } from './gaussian.js';
import { type PosteriorForm, posteriorSteps } from './posterior.js';
import { printedSteps } from './printedPosterior.js';
import { applyStep, type ReverseStep } from './reverseStep.js';
import type { Schedule } from './schedule.js';

/** How a step is taken: by a form of the posterior, or without noise. */
export type SamplingRule = PosteriorForm | 'deterministic';

/** The tables of each rule, for t = 1 … T. */
export const samplingSteps: Readonly<Record<SamplingRule, (t: number, s: Schedule) => ReverseStep>> = {
  ...posteriorSteps,
  ...printedSteps,
  deterministic: deterministicStep,
};

export interface SamplerOptions {
  /** Seed of all noise, an unsigned 32-bit integer. */
  readonly seed: number;
  /** `corrected` if left out. */
  readonly rule?: SamplingRule;
  /** Called, and waited for, after each step, when the state of t − 1 is there. What it throws ends the chain. */
  readonly onStep?: (t: number) => unknown;
  /** Is shown what the lines of Algorithm 1 make. */
  readonly observe?: Observer;
}

/**
 * Where the reverse chain starts: the end of the forward chain, less the residual −(1 − η_T) e_T, which is small
 * and not known.
 *
 *   p(u_T | u_l) ≈ N( u_l, κ² η_T E )
 *
 * The paper prints the variance κ² here and 1 in Algorithm 1. The same formula holds for spectra and pixels.
 *
 * @eq SeeClear (6)
 */
export const prior = (ul: Tensor, { T, eta, kappa }: Schedule): Gaussian => ({
  mean: ul,
  variance: kappa ** 2 * eta[T],
});

/**
 * One step of the reverse chain: x̂_0 from the denoiser, then u_{t−1} from the posterior given x̂_0. The last
 * step, t = 1, returns x̂_0 itself.
 *
 * @param state pixels of state t, [n, c, h, w]
 * @param ul spectrum of the upsampled LR frames, likewise
 * @param noise white noise for state t − 1; not called where none is needed
 * @param observe is shown x̂_0 after clamping, µ and the new state
 * @returns pixels of state t − 1
 */
export function denoisingStep(
  denoiser: Denoiser,
  state: Tensor,
  ul: Tensor,
  t: number,
  s: Schedule,
  rule: SamplingRule,
  noise: () => Tensor,
  observe?: Observer,
): Tensor {
  const x0 = clamp(denoise(denoiser, state, t, s), -1, 1); // line 40
  observe?.(40, 'x0 clamped', x0);
  if (t === 1) return x0; // line 41, where σ = 0 and µ = u_0
  const before = applyStep(samplingSteps[rule](t, s), toSpectrum(state, s.p), toSpectrum(x0, s.p), ul);
  observe?.(41, 'mu', before.mean);
  const next = toPixels(rule === 'deterministic' ? before.mean : sample(before, noise()), s.p); // line 41
  observe?.(41, 'state', next);
  return next;
}

/** The HR frames of a clip, and what it hands on. */
export interface SampledClip<C> {
  /** x_0 [n, c, h, w] in [−1, 1] */
  readonly x0: Tensor;
  /** What `carry` returned; `undefined` without one. */
  readonly carried: C | undefined;
}

/**
 * Samples the HR frames of one clip: Algorithm 1 around a denoiser. Line 41 is printed as α_t µ + η_t ε, against
 * (34) and (35); it is µ + σ ε here. Memory does not grow with T: each step keeps its result only. Must not be
 * called inside a scope.
 *
 *   p(u_0 | u_l) = ∫ p(u_T | u_l) Π_t p_θ(u_{t−1} | u_t, u_l) du_{1:T}
 *
 * @param upscaled Ī^LR, the LR frames at HR size, [n, c, h, w] in [−1, 1]; h and w multiples of p
 * @param frames index of each frame in its video, n of them: they address the noise
 * @param carry is called once, after the last step and in its scope, where what the denoiser made of t = 1 is still
 *   there. The tree of tensors that it returns outlives the scope
 * @returns tensors that the caller frees
 * @throws ShapeError if the number of indices or the size of the frames does not fit
 * @throws RangeError if the seed or a frame index is outside its range
 * @eq SeeClear (5)
 */
export async function sampleClip<C extends object>(
  denoiser: Denoiser,
  upscaled: Tensor,
  frames: readonly number[],
  s: Schedule,
  { seed, rule = 'corrected', onStep, observe }: SamplerOptions,
  carry?: () => C,
): Promise<SampledClip<C>> {
  const { backend, shape } = upscaled;
  const { h, w } = dims('sampleClip: upscaled', shape, 'n c h w', { n: frames.length });
  if (h % s.p !== 0 || w % s.p !== 0)
    throw new ShapeError('sampleClip: upscaled', `h and w multiples of ${s.p}`, shape);
  const noise = (t: number): Tensor => frameNoise(backend, shape, frames, t, seed);

  const { ul, start } = scope(backend, () => ({
    ul: toSpectrum(upscaled, s.p),
    start: sample(prior(upscaled, s), noise(s.T)), // line 2
  }));
  let live: SampledClip<C> = { x0: start, carried: undefined };
  try {
    observe?.(2, 'state', start);
    for (let t = s.T; t >= 1; t--) {
      // line 5; line 4, the loop over clips, is the caller's
      const { x0: state } = live;
      live = scope(backend, () => ({
        x0: denoisingStep(denoiser, state, ul, t, s, rule, () => noise(t - 1), observe),
        carried: t === 1 ? carry?.() : undefined,
      }));
      free(state);
      await backend.sync();
      await onStep?.(t);
    }
  } catch (error) {
    free(live);
    throw error;
  } finally {
    free(ul);
  }
  return live;
}

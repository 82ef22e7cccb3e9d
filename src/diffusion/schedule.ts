import { type BlurLaw, blurSchedule } from './blurSchedule.js';
import { shiftSchedule } from './shiftSchedule.js';

/** What a diffusion process is made from. */
export interface DiffusionConfig {
  /** Number of steps T, an integer of at least 2. */
  readonly T: number;
  /** Noise scale κ > 0, for images in [−1, 1]. */
  readonly kappa: number;
  /** Noise level m after the first step: κ√η_1 = m where κ ≥ 1. */
  readonly minNoise: number;
  /** Side p of the blocks that are blurred, in pixels of the HR frame. Frame sizes must be multiples of it. */
  readonly p: number;
  /** How the blur grows with t. */
  readonly blurLaw: BlurLaw;
  /** Variance σ²_{B,T} of the strongest blur, in pixels². 0 means no blur: plain ResShift. */
  readonly sigmaB2Max: number;
}

/** The paper's process: 15 steps. Where it gives no number, the work that it builds on does (docs/deviations.md). */
export const defaultDiffusion: DiffusionConfig = {
  T: 15,
  kappa: 2,
  minNoise: 0.04,
  p: 4,
  blurLaw: 'log',
  sigmaB2Max: 2,
};

/** Four steps, which start from a higher noise level. */
export const fourStepDiffusion: DiffusionConfig = { ...defaultDiffusion, T: 4, minNoise: 0.2 };

/**
 * A diffusion process in numbers. Arrays have T + 1 entries: index 0 is the clean frame, T the end of the chain.
 * float64, on the host.
 */
export interface Schedule {
  /** Number of steps. */
  readonly T: number;
  /** Share of the residual shifted so far: 0 = η_0 < η_1 < … < η_T < 1. */
  readonly eta: readonly number[];
  /** Dissipation time so far, in pixels²: 0 = τ_0 ≤ τ_1 ≤ … ≤ τ_T. */
  readonly tau: readonly number[];
  /** Noise scale κ. */
  readonly kappa: number;
  /** Side of the blocks, in pixels. */
  readonly p: number;
  /** Of a chain that is part of another one (`respaced`): the other's step for each of its own, 0 … T. */
  readonly timesteps?: readonly number[];
}

/** @throws RangeError if a field of the configuration is outside its range */
export function makeSchedule({ T, kappa, minNoise, p, blurLaw, sigmaB2Max }: DiffusionConfig): Schedule {
  if (!Number.isInteger(p) || p < 1)
    throw new RangeError(`block size p must be a positive integer, got ${p}`);
  return {
    T,
    eta: shiftSchedule(T, kappa, minNoise),
    tau: blurSchedule(T, blurLaw, sigmaB2Max),
    kappa,
    p,
  };
}

/** @throws RangeError unless t is an integer in first … T */
export function checkStep(t: number, { T }: Schedule, first: 0 | 1): void {
  if (!Number.isInteger(t) || t < first || t > T)
    throw new RangeError(`step t = ${t} is outside ${first} … ${T}`);
}

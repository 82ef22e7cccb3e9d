/** Blurring ResShift: schedules, forward process, posterior, sampler, loss. The denoiser is a parameter. */
export { type Diagonal, diagonal, multiply, toPixels, toSpectrum } from './blockSpectrum.js';
export { type BlurLaw, blurSchedule } from './blurSchedule.js';
export { denoise, type Denoiser, inputScale } from './denoiser.js';
export { deterministicStep } from './deterministic.js';
export { blur, blurringMarginal, lambda, marginal, residual, stepVariance, transition } from './forward.js';
export { frameNoise, noiseStream } from './frameNoise.js';
export { type Gaussian, sample } from './gaussian.js';
export { charbonnier } from './loss.js';
export { posterior, type PosteriorForm, posteriorSteps } from './posterior.js';
export { printedSteps } from './printedPosterior.js';
export { respaced } from './respace.js';
export { applyStep, type ReverseStep } from './reverseStep.js';
export { type MeanOptions, sampleMean } from './sampleMean.js';
export {
  denoisingStep,
  prior,
  sampleClip,
  type SampledClip,
  type SamplerOptions,
  type SamplingRule,
  samplingSteps,
} from './sampler.js';
export {
  checkStep,
  defaultDiffusion,
  type DiffusionConfig,
  fourStepDiffusion,
  makeSchedule,
  type Schedule,
} from './schedule.js';
export { shiftSchedule } from './shiftSchedule.js';
export { trainingState } from './trainingState.js';

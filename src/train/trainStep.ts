import type { PixelCondenserParams } from '../model/index.js';
import {
  type Backend,
  concat,
  free,
  leaves,
  type RandomSource,
  reshape,
  scope,
  unpack,
} from '../tensor/index.js';
import { adamState, adamStep } from './adam.js';
import type { Batch } from './batch.js';
import { type DescentInput, noisyClips, replayedDescent } from './descent.js';
import { ema, emaDecay } from './ema.js';
import { clipScale, gradientNorm } from './gradientNorm.js';
import type { Model } from './model.js';
import { noiseSeed, noiseStreams, timestep } from './seeds.js';
import type { StageName } from './stages.js';
import { type Part, partOf, type TrainState, withPart } from './trainState.js';

/** What one step needs to know. */
export interface StepOptions {
  /** Seed of the run, an unsigned 32-bit integer. */
  readonly seed: number;
  /** Frames of a clip: they share a timestep. */
  readonly frames: number;
  readonly stage: StageName;
  /** Whether layers compute once more for the gradient what they do not keep: less memory, more time. */
  readonly checkpointing?: boolean;
  readonly lr: number;
  /** Largest norm of the gradient; a larger one is scaled down to it. */
  readonly clipNorm: number;
  /** Decay of the average. */
  readonly emaDecay: number;
}

/** What one step measured. */
export interface StepReport {
  /** Charbonnier loss, before the step */
  readonly loss: number;
  /** norm of the gradient, before clipping */
  readonly gradNorm: number;
}

/** The loss or its gradient is no longer a number. */
export class DivergenceError extends Error {
  override readonly name = 'DivergenceError';
}

/**
 * One step of training (SeeClear, section 4.1): a sample of the marginal for each clip, x̂_0, Charbonnier loss,
 * gradient, clipping by the global norm, Adam, average. Only the parameters that the stage trains are touched, and
 * Adam starts anew with each stage. Everything random follows from the seed and the number of the step. The device
 * has its work before the first `await`: what the caller does until then overlaps.
 *
 * @param state what the step replaces is freed; the result takes its place
 * @throws DivergenceError if the loss or the gradient is not finite
 */
export async function trainStep(
  model: Model,
  backend: Backend,
  state: TrainState,
  batch: Batch,
  options: StepOptions,
): Promise<{ state: TrainState; report: StepReport }> {
  const { stage, lr } = options;
  const { measured, ...next } = scope(backend, () => {
    const part = (params: PixelCondenserParams): Part => partOf(params, (path) => model.trains(stage, path));
    const before = part(state.params);
    const input = inputOf(model, backend, state, batch, options);
    const { loss, blocks } = replayedDescent(model, backend).run(input);
    const grads = unpack(
      blocks,
      leaves(before).map(([, leaf]) => leaf),
    );
    const norm = gradientNorm(grads);
    const moments = state.adam?.stage === stage ? state.adam : adamState(before);
    const gradScale = clipScale(norm, options.clipNorm);
    const { params: after, state: adam } = adamStep(before, grads, moments, { lr, gradScale });
    const average = ema(part(state.average), after, emaDecay(state.step, options.emaDecay));
    return {
      ...state,
      step: state.step + 1,
      params: withPart(state.params, after),
      average: withPart(state.average, average),
      adam: { ...adam, stage },
      measured: concat(0, reshape(loss, [1]), reshape(norm, [1])),
    };
  });
  const stays = new Set(leaves(next).map(([, leaf]) => leaf));
  free(leaves(state).flatMap(([, leaf]) => (stays.has(leaf) ? [] : [leaf])));
  const [loss, gradNorm] = await measured.read();
  free({ measured });
  if (!Number.isFinite(loss) || !Number.isFinite(gradNorm))
    throw new DivergenceError(
      `step ${state.step}: expected a finite loss, got ${loss} with gradient norm ${gradNorm}; go back to a checkpoint with a lower --lr`,
    );
  return { state: next, report: { loss, gradNorm } };
}

/** A batch at its timesteps, with the parameters that it meets. */
function inputOf(
  model: Model,
  backend: Backend,
  { step, params: condenser, distiller }: TrainState,
  { previous, ...batch }: Batch,
  { seed, frames, stage, checkpointing = false }: StepOptions,
): DescentInput {
  const clips = batch.n / frames;
  const t = Array.from({ length: batch.n }, (_, i) =>
    timestep(seed, step * clips + Math.floor(i / frames), model.schedule.T),
  );
  const last = new Array<number>(batch.n).fill(1); // as at the last step of sampling
  const noise = (stream: number): RandomSource => ({ seed: noiseSeed(seed), stream });
  const streams = noiseStreams(step);
  return {
    condenser,
    ...(distiller && { distiller }),
    stage,
    frames,
    checkpointing,
    clips: noisyClips(model, backend, batch, t, noise(streams.own)),
    ...(previous && {
      previous: noisyClips(model, backend, previous, last, noise(streams.previous)),
    }),
  };
}

import type { PixelCondenserParams } from '../model/index.js';
import {
  type Backend,
  concat,
  free,
  leaves,
  lincomb,
  type RandomSource,
  reshape,
  scale,
  scope,
  tensor,
  unpack,
} from '../tensor/index.js';
import { adamState, adamStep } from './adam.js';
import { type Batch, partOfBatch } from './batch.js';
import {
  type Descent,
  descent,
  type DescentInput,
  type DescentWatch,
  noisyClips,
  replayedDescent,
} from './descent.js';
import { DivergenceError } from './divergenceError.js';
import { ema, emaDecay } from './ema.js';
import { clipScale, gradientNorm } from './gradientNorm.js';
import { afterOverflow, afterStep } from './lossScale.js';
import type { Model } from './model.js';
import { pairwiseSum } from './pairwiseSum.js';
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
  /** Clips that go through the network together, a divisor of those of the batch; all if left out. */
  readonly micro?: number;
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
  /** What the loss was multiplied by, in half precision: `LossScale`. */
  readonly scale?: number;
}

/** Is told what a step does, so that it can say where in it something happened. */
export interface StepWatch extends DescentWatch {
  /** The forward pass of some clips comes next. */
  forward(): void;
  /** The gradient is there; what uses it comes next. */
  update(): void;
}

/**
 * One step of training (SeeClear, section 4.1): a sample of the marginal for each clip, x̂_0, Charbonnier loss,
 * gradient, clipping by the global norm, Adam, average. Only the parameters that the stage trains are touched, and
 * Adam starts anew with each stage. Everything random follows from the seed and the number of the step. The device
 * has its work before the first `await`: what the caller does until then overlaps.
 *
 * In half precision the network takes the parameters as f16; these, the moments, the average and the sum of gradients
 * stay f32. A gradient that is not finite is taken once more with half the loss scale, so no batch is left out.
 *
 * @param state what the step replaces is freed, unless the step fails; the result takes its place
 * @throws DivergenceError if the loss or the gradient is not finite
 */
export async function trainStep(
  model: Model,
  backend: Backend,
  state: TrainState,
  batch: Batch,
  options: StepOptions,
  watch?: StepWatch,
): Promise<{ state: TrainState; report: StepReport }> {
  const { stage, lr } = options;
  const { measured, ...next } = scope(backend, () => {
    const part = (params: PixelCondenserParams): Part => partOf(params, (path) => model.trains(stage, path));
    const before = part(state.params);
    const { loss, blocks } = meanDescent(model, backend, state, batch, options, watch);
    watch?.update();
    const { lossScale } = state;
    const grads = unpack(
      lossScale ? blocks.map((block) => scale(1 / lossScale.scale, block)) : blocks,
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
      ...(lossScale && { lossScale: afterStep(lossScale) }),
      measured: concat(0, reshape(loss, [1]), reshape(norm, [1])),
    };
  });
  const [loss, gradNorm] = await measured.read();
  free({ measured });
  const finite = Number.isFinite(loss) && Number.isFinite(gradNorm);
  const [gone, stays] = finite ? [state, next] : [next, state];
  const kept = new Set(leaves(stays).map(([, leaf]) => leaf));
  free(leaves(gone).flatMap(([, leaf]) => (kept.has(leaf) ? [] : [leaf])));
  if (finite)
    return {
      state: next,
      report: { loss, gradNorm, ...(state.lossScale && { scale: state.lossScale.scale }) },
    };
  // The loss itself does not depend on the scale.
  const lossScale = Number.isFinite(loss) && state.lossScale && afterOverflow(state.lossScale);
  if (!lossScale) throw new DivergenceError(state.step, { loss, gradNorm });
  return trainStep(model, backend, { ...state, lossScale }, batch, options, watch);
}

/**
 * Mean loss of the clips of a batch and its gradient, from p passes of as many clips each (docs/adr/0009):
 *
 *   L = Σᵢ Lᵢ / p,   g = Σᵢ ∂Lᵢ/∂params / p,   i = 0 … p − 1, both sums by `pairwiseSum`
 *
 * Only the gradients that are still to be added outlive their pass.
 *
 * @throws RangeError if the passes do not fill the batch
 */
function meanDescent(
  model: Model,
  backend: Backend,
  state: TrainState,
  batch: Batch,
  options: StepOptions,
  watch?: StepWatch,
): Descent {
  const clips = batch.n / options.frames;
  const { micro = clips } = options;
  const passes = clips / micro;
  if (!Number.isInteger(passes))
    throw new RangeError(`micro: expected a divisor of ${clips} clips, got ${micro}`);
  const descend = (i: number): Descent => {
    watch?.forward();
    const input = inputOf(model, backend, state, batch, { ...options, micro }, i * micro);
    return watch ? descent(model, backend, input, watch) : replayedDescent(model, backend).run(input);
  };
  if (passes === 1) return descend(0);
  const add = (a: Descent, b: Descent): Descent => ({
    loss: lincomb([1, a.loss], [1, b.loss]),
    blocks: a.blocks.map((block, k) => lincomb([1, block], [1, b.blocks[k]])),
  });
  const sum = pairwiseSum(passes, descend, add, (node) => scope(backend, node));
  return {
    loss: scale(1 / passes, sum.loss),
    blocks: sum.blocks.map((block) => scale(1 / passes, block)),
  };
}

/**
 * Clips `first` … `first + micro − 1` of a batch at their timesteps, with the parameters that they meet. Timestep and
 * noise of a clip are those that it has in the batch, whichever others are with it.
 */
function inputOf(
  model: Model,
  backend: Backend,
  { step, params: condenser, distiller, lossScale }: TrainState,
  batch: Batch,
  { seed, frames, stage, micro, checkpointing = false }: StepOptions & { readonly micro: number },
  first: number,
): DescentInput {
  const { previous, ...clips } = partOfBatch(batch, first * frames, micro * frames);
  const before = (step * batch.n) / frames + first;
  const t = Array.from({ length: clips.n }, (_, i) =>
    timestep(seed, before + Math.floor(i / frames), model.schedule.T),
  );
  const last = new Array<number>(clips.n).fill(1); // as at the last step of sampling
  const offset = first * frames * 3 * batch.size ** 2;
  const noise = (stream: number): RandomSource => ({ seed: noiseSeed(seed), stream, offset });
  const streams = noiseStreams(step);
  return {
    condenser,
    ...(distiller && { distiller }),
    stage,
    frames,
    checkpointing,
    ...(lossScale && { lossScale: tensor(backend, [], [lossScale.scale]) }),
    clips: noisyClips(model, backend, clips, t, noise(streams.own)),
    ...(previous && { previous: noisyClips(model, backend, previous, last, noise(streams.previous)) }),
  };
}

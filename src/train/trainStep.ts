import { charbonnier, trainingState } from '../diffusion/index.js';
import type { Memory, PixelCondenserOutput, PixelCondenserParams } from '../model/index.js';
import {
  type Backend,
  concat,
  free,
  full,
  grad,
  leaves,
  mul,
  packed,
  randomNormal,
  type RandomSource,
  reshape,
  scope,
  type Tensor,
  tensor,
  variables,
} from '../tensor/index.js';
import { adamState, adamStep } from './adam.js';
import type { Batch } from './batch.js';
import { ema, emaDecay } from './ema.js';
import { clipScale, gradientNorm } from './gradientNorm.js';
import { type Model, withParams } from './model.js';
import { noiseSeed, noiseStreams, timestep } from './seeds.js';
import { servesFirstClips, type StageName } from './stages.js';
import type { TrainedModel } from './trainedModel.js';
import { type Part, partOf, type TrainState, withPart } from './trainState.js';

/** What one step needs to know. */
export interface StepOptions {
  /** Seed of the run, an unsigned 32-bit integer. */
  readonly seed: number;
  /** Frames of a clip: they share a timestep. */
  readonly frames: number;
  readonly stage: StageName;
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
    const trained = variables(before);
    const loss = lossOf(model, backend, state, withPart(state.params, trained), batch, options);
    const grads = packed(gradients(loss, trained, batch));
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

/**
 * The loss of a batch. In the stages with memory its clips ask what the clips before them left there, or where there
 * are none, what was learned. No gradient flows into the clips before.
 *
 * @param params of the condenser, some of them variables
 */
function lossOf(
  model: Model,
  backend: Backend,
  { step, params: constant, distiller }: TrainState,
  params: PixelCondenserParams,
  batch: Batch,
  { seed, frames, stage }: StepOptions,
): Tensor {
  const bind = (condenser: PixelCondenserParams): TrainedModel =>
    withParams(model, backend, { condenser, ...(distiller && { distiller }) });
  const random = (stream: number): Random => ({ seed: noiseSeed(seed), stream });
  const clips = batch.n / frames;
  const t = Array.from({ length: batch.n }, (_, i) =>
    timestep(seed, step * clips + Math.floor(i / frames), model.schedule.T),
  );
  const network = bind(params);
  let memory = stage === 'condenser' ? undefined : network.memory();
  if (memory && batch.previous) {
    const before = bind(constant);
    const last = new Array<number>(batch.n).fill(1); // as at the last step of sampling
    const noise = random(noiseStreams(step).previous);
    const { features } = pass(before, batch.previous, { t: last, frames, noise, memory: before.memory() });
    memory = network.remember(memory, features, frames); // line 44
  }
  const { truth, x0 } = pass(network, batch, { t, frames, noise: random(noiseStreams(step).own), memory });
  return charbonnier(truth, x0);
}

/** Where noise comes from. */
type Random = Pick<RandomSource, 'seed' | 'stream'>;

/** A batch at timesteps `t` through the network: `truth`, the HR frames, what it makes of them, x̂_0, and features. */
function pass(
  { backend, schedule, context: contextOf, predict }: TrainedModel,
  { hr, upscaled, lr, n, size }: Batch,
  { t, frames, noise, memory }: { t: number[]; frames: number; noise: Random; memory: Memory | undefined },
): PixelCondenserOutput & { truth: Tensor } {
  const truth = tensor(backend, [n, 3, size, size], hr);
  const xl = tensor(backend, truth.shape, upscaled);
  const white = randomNormal(backend, truth.shape, noise);
  const { state, scale: factor } = trainingState(truth, xl, t, schedule, white);
  const input = {
    state: mul(state, factor),
    lr: tensor(backend, [n, 3, size / 4, size / 4], lr),
    upscaled: xl,
  };
  const context = contextOf(input.lr, frames, memory);
  return { truth, ...predict({ ...input, t, frames, ...(context && { context }) }) };
}

/**
 * The gradient of the loss, one for each parameter that is trained. Those that construct the memory have no part in
 * the loss of first clips: there it is 0.
 */
function gradients(loss: Tensor, trained: Part, { previous }: Batch): Tensor[] {
  const all = leaves(trained);
  const reached = all.filter(([path]) => previous !== undefined || servesFirstClips(path));
  const found = grad(
    loss,
    reached.map(([, leaf]) => leaf),
  );
  const byPath = new Map(reached.map(([path], i) => [path, found[i]]));
  return all.map(([path, { backend, shape }]) => byPath.get(path) ?? full(backend, shape, 0));
}

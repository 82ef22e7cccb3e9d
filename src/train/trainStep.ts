import { charbonnier, type Schedule, trainingState } from '../diffusion/index.js';
import {
  affine,
  type Backend,
  concat,
  free,
  grad,
  leaves,
  lincomb,
  mul,
  type Observer,
  randomNormal,
  reciprocal,
  relu,
  reshape,
  scale,
  scope,
  sqrt,
  square,
  sum,
  type Tensor,
  tensor,
  variables,
} from '../tensor/index.js';
import { adamState, adamStep, type AdamState } from './adam.js';
import type { Batch } from './batch.js';
import { ema, emaDecay } from './ema.js';
import { noiseSeed, timestep } from './seeds.js';

/** What the network sees of a batch of n frames; the frames of a clip follow one another. */
export interface NetworkInput {
  /** state of the chain times the scale of its step, [n, 3, 4h, 4w] */
  readonly state: Tensor;
  /** LR frames [n, 3, h, w] */
  readonly lr: Tensor;
  /** Ī^LR [n, 3, 4h, 4w] */
  readonly upscaled: Tensor;
  /** step of each frame, n of them */
  readonly t: readonly number[];
}

/** A network as a function of its parameters: x̂_0 [n, 3, 4h, 4w]. `observe` is shown what its lines make. */
export type Network<P extends object> = (params: P, input: NetworkInput, observe?: Observer) => Tensor;

/** All that training changes. Lives outside every scope. */
export interface TrainState<P extends object> {
  readonly params: P;
  readonly adam: AdamState<P>;
  /** EMA of the parameters: what is shipped. */
  readonly average: P;
}

/** What one step needs to know. */
export interface StepOptions {
  /** Seed of the run, an unsigned 32-bit integer. */
  readonly seed: number;
  /** Frames of a clip: they share a timestep. */
  readonly frames: number;
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

/** Training before its first step. The average starts at the parameters. */
export const trainState = <P extends object>(params: P): TrainState<P> => ({
  params,
  adam: adamState(params),
  average: ema(params, params, 0),
});

/**
 * One step of training (SeeClear, section 4.1): a sample of the marginal for each clip, x̂_0, Charbonnier loss,
 * gradient, clipping by the global norm, Adam, average. Everything random follows from the seed and the number
 * of the step. The device has its work before the first `await`: what the caller does until then overlaps.
 *
 * @param state is freed; the result takes its place
 * @throws DivergenceError if the loss or the gradient is not finite
 */
export async function trainStep<P extends object>(
  backend: Backend,
  network: Network<P>,
  schedule: Schedule,
  state: TrainState<P>,
  batch: Batch,
  options: StepOptions,
): Promise<{ state: TrainState<P>; report: StepReport }> {
  const step = state.adam.step;
  const { measured, ...next } = scope(backend, () => {
    const params = variables(state.params);
    const loss = lossOf(backend, network, schedule, params, batch, step, options);
    const grads = grad(
      loss,
      leaves(params).map(([, p]) => p),
    );
    const norm = sqrt(total(grads.map((g) => sum(square(g)))));
    const gradScale = clipScale(norm, options.clipNorm);
    const { params: updated, state: adam } = adamStep(state.params, grads, state.adam, {
      lr: options.lr,
      gradScale,
    });
    const average = ema(state.average, updated, emaDecay(step, options.emaDecay));
    return { params: updated, adam, average, measured: concat(0, reshape(loss, [1]), reshape(norm, [1])) };
  });
  free(state);
  const [loss, gradNorm] = await measured.read();
  free(measured);
  if (!Number.isFinite(loss) || !Number.isFinite(gradNorm))
    throw new DivergenceError(
      `step ${step}: expected a finite loss, got ${loss} with gradient norm ${gradNorm}; go back to a checkpoint with a lower --lr`,
    );
  return { state: next, report: { loss, gradNorm } };
}

function lossOf<P extends object>(
  backend: Backend,
  network: Network<P>,
  schedule: Schedule,
  params: P,
  { hr, upscaled, lr, n, size }: Batch,
  step: number,
  { seed, frames }: StepOptions,
): Tensor {
  const clips = n / frames;
  const t = Array.from({ length: n }, (_, i) =>
    timestep(seed, step * clips + Math.floor(i / frames), schedule.T),
  );
  const x0 = tensor(backend, [n, 3, size, size], hr);
  const xl = tensor(backend, x0.shape, upscaled);
  const noise = randomNormal(backend, x0.shape, { seed: noiseSeed(seed), stream: step });
  const { state, scale: factor } = trainingState(x0, xl, t, schedule, noise);
  const xhat = network(params, {
    state: mul(state, factor),
    lr: tensor(backend, [n, 3, size / 4, size / 4], lr),
    upscaled: xl,
    t,
  });
  return charbonnier(x0, xhat);
}

/** What a gradient of a norm is multiplied by, so that it becomes at most c: min(1, c / norm) = c / (c + relu(norm − c)). */
const clipScale = (norm: Tensor, c: number): Tensor =>
  scale(c, reciprocal(affine(c, [1, relu(affine(-c, [1, norm]))])));

/** Sum of scalars, up to four in a pass. */
function total(terms: readonly Tensor[]): Tensor {
  let sumSoFar = terms[0];
  for (let i = 1; i < terms.length; i += 3)
    sumSoFar = lincomb(...[sumSoFar, ...terms.slice(i, i + 3)].map((x) => [1, x] as const));
  return sumSoFar;
}

import {
  type SemanticDistillerConfig,
  SemanticDistiller,
  type SemanticDistillerParams,
} from '../../model/index.js';
import {
  type Backend,
  concat,
  free,
  grad,
  leaves,
  lincomb,
  mapTree,
  packed,
  reshape,
  scope,
  tensor,
  type Tensor,
  variables,
} from '../../tensor/index.js';
import { adamState, type AdamState, adamStep } from '../adam.js';
import { cosineSchedule } from '../cosineSchedule.js';
import { ema, emaDecay } from '../ema.js';
import { clipScale, gradientNorm } from '../gradientNorm.js';
import { DivergenceError } from '../divergenceError.js';
import { distillerLoss } from './distillerLoss.js';
import { matchInstances, matchingCosts, targetMasks } from './matching.js';
import type { SceneBatch } from './sceneBatch.js';

/** All that a training run of a distiller depends on. Kept in its checkpoints, so that it can go on. */
export interface DistillerTrainConfig {
  readonly network: SemanticDistillerConfig;
  /** unsigned 32-bit; see seeds.ts */
  readonly seed: number;
  readonly steps: number;
  /** scenes in a batch */
  readonly batch: number;
  /** side of the HR frames in pixels */
  readonly size: number;
  /** learning rate after the warm-up */
  readonly lr: number;
  /** learning rate of the last step */
  readonly lrEnd: number;
  /** steps of linear rise of the learning rate */
  readonly warmup: number;
  /** largest norm of the gradient */
  readonly clipNorm: number;
  /** decay of the average of the parameters */
  readonly emaDecay: number;
}

/** What one step measured. Terms of the loss before the step, means over the layers. */
export interface DistillerReport {
  readonly loss: number;
  readonly classLoss: number;
  readonly maskLoss: number;
  readonly diceLoss: number;
  readonly pixelLoss: number;
  /** norm of the gradient, before clipping */
  readonly gradNorm: number;
}

/** Decay of Adam's mean of the gradient: the usual one, for this network is no diffusion model. */
const BETA1 = 0.9;

/** All that training changes. Lives outside every scope. */
export interface DistillerState {
  readonly params: SemanticDistillerParams;
  readonly adam: AdamState<SemanticDistillerParams>;
  /** EMA of the parameters: what is shipped. */
  readonly average: SemanticDistillerParams;
}

/** Training before its first step. The average starts at the parameters. */
export const distillerState = (params: SemanticDistillerParams): DistillerState => ({
  params,
  adam: adamState(params),
  average: mapTree(params, (p) => lincomb([1, p])),
});

/**
 * One step of training. The network runs twice: once without a gradient, for the costs from which the host matches
 * queries with instances, and once for the loss under that matching. The device has work before the first `await`:
 * what the caller does until then overlaps.
 *
 * @param state is freed; the result takes its place
 * @throws DivergenceError if the loss or the gradient is not finite
 */
export async function distillerStep(
  backend: Backend,
  config: DistillerTrainConfig,
  state: DistillerState,
  batch: SceneBatch,
  vocabulary: readonly string[],
): Promise<{ state: DistillerState; report: DistillerReport }> {
  const { adam } = state;
  const { network } = config;
  const matches = await matchesOf(backend, network, state.params, batch, vocabulary);
  const { measured, ...next } = scope(backend, () => {
    const params = variables(state.params);
    const masks = targetMasks(backend, batch);
    const all = new SemanticDistiller(network, params).predict(framesOf(backend, batch), vocabulary);
    const loss = distillerLoss(all, batch, masks, matches);
    const grads = packed(
      grad(
        loss.total,
        leaves(params).map(([, p]) => p),
      ),
    );
    const norm = gradientNorm(grads);
    const after = adamStep(state.params, grads, adam, {
      lr: learningRate(config, adam.step),
      beta1: BETA1,
      gradScale: clipScale(norm, config.clipNorm),
    });
    return {
      params: after.params,
      adam: after.state,
      average: ema(state.average, after.params, emaDecay(adam.step, config.emaDecay)),
      measured: concat(0, loss.total, loss.class, loss.mask, loss.dice, loss.pixel, reshape(norm, [1])),
    };
  });
  free(state);
  const [total, classLoss, maskLoss, diceLoss, pixelLoss, gradNorm] = await measured.read();
  free({ measured });
  if (!Number.isFinite(total) || !Number.isFinite(gradNorm))
    throw new DivergenceError(adam.step, { loss: total, gradNorm });
  return { state: next, report: { loss: total, classLoss, maskLoss, diceLoss, pixelLoss, gradNorm } };
}

export const learningRate = ({ lr, lrEnd, steps, warmup }: DistillerTrainConfig, step: number): number =>
  cosineSchedule(step, { from: lr, to: lrEnd, steps, warmup });

const framesOf = (backend: Backend, { n, side, lr }: SceneBatch): Tensor =>
  tensor(backend, [n, 3, side, side], lr);

/** For each layer and frame, the query of each instance. */
async function matchesOf(
  backend: Backend,
  network: SemanticDistillerConfig,
  params: SemanticDistillerParams,
  batch: SceneBatch,
  vocabulary: readonly string[],
): Promise<number[][][]> {
  const { costs } = scope(backend, () => {
    const masks = targetMasks(backend, batch);
    const { predictions } = new SemanticDistiller(network, params).predict(
      framesOf(backend, batch),
      vocabulary,
    );
    const [first, ...rest] = predictions.map((prediction) => matchingCosts(prediction, batch, masks));
    return { costs: concat(0, first, ...rest) };
  });
  const values = await costs.read();
  free({ costs });
  const { queries } = network;
  const layers = values.length / (batch.n * queries * costs.shape[2]);
  const size = values.length / layers;
  return Array.from({ length: layers }, (_, l) =>
    matchInstances(values.subarray(l * size, (l + 1) * size), queries, batch),
  );
}

import { makeSchedule, type Schedule } from '../diffusion/index.js';
import {
  countParams,
  halfParams,
  initPixelCondenser,
  initSemanticDistiller,
  PixelCondenser,
  type PixelCondenserParams,
  SemanticDistiller,
  type SemanticDistillerParams,
  type Semantics,
  sinusoids,
} from '../model/index.js';
import {
  type Backend,
  type ElementType,
  free,
  leaves,
  PlanningBackend,
  scope,
  type Tensor,
} from '../tensor/index.js';
import type { Checkpoint, Weights } from './checkpoint.js';
import { CheckpointError } from './checkpointError.js';
import type { ModelSpec } from './modelSpec.js';
import { replayed } from './replayedModel.js';
import { initSeed } from './seeds.js';
import { type StageName, trains } from './stages.js';
import type { RecordableModel, TrainedModel } from './trainedModel.js';
import type { ModelParams, TrainState } from './trainState.js';

/** A model that can be trained: networks and process, with parameters to be given. */
export interface Model {
  readonly schedule: Schedule;
  /** Sides of LR frames must be multiples of this. */
  readonly multiple: number;
  /** Most frames of a clip, m. */
  readonly frames: number;
  /** Elements of the largest tensor that the condenser makes for one LR frame of this size. */
  readonly largestTensor: (height: number, width: number) => number;
  /** how many numbers the condenser's parameters are */
  readonly parameters: number;
  /** Whether a stage trains the condenser's parameter with this path. */
  readonly trains: (stage: StageName, path: string) => boolean;
  /** What the network takes for timesteps where they are not to be part of a recording. */
  readonly timesteps: (backend: Backend, t: readonly number[]) => Tensor;
  readonly condenser: (params: PixelCondenserParams) => PixelCondenser;
  /** O and P of LR frames [n, 3, h, w] (lines 7, 8); `undefined` for a model without semantics. */
  readonly distil: (params: SemanticDistillerParams | undefined, lr: Tensor) => Semantics | undefined;
  /**
   * First parameters, drawn from a seed; the same on every machine.
   * @param distiller parameters of the distiller; drawn like the rest if left out
   */
  draw(backend: Backend, seed: number, distiller?: SemanticDistillerParams): ModelParams;
  /** Training as a checkpoint left it. @throws CheckpointError if that is of another model */
  restore(backend: Backend, checkpoint: Checkpoint): TrainState;
  /** @throws CheckpointError if the weights are of another model */
  load(backend: Backend, weights: Weights): ModelParams;
}

/** @throws RangeError or ShapeError if the specification describes no possible model */
export function makeModel(spec: ModelSpec): Model {
  checkDistiller(spec);
  const { network, diffusion, distiller } = spec;
  const draw: Model['draw'] = (backend, seed, given) => ({
    condenser: initPixelCondenser(network, backend, initSeed(seed)),
    ...(distiller && {
      distiller: given ?? initSemanticDistiller(distiller.config, backend, initSeed(seed)),
    }),
  });
  const template = draw(new PlanningBackend(), 0); // for names and shapes
  return {
    schedule: makeSchedule(diffusion),
    multiple: PixelCondenser.multiple(network),
    frames: network.frames,
    largestTensor: (height, width) => PixelCondenser.largestTensor(network, height, width),
    parameters: countParams(template.condenser),
    trains: (stage, path) => trains(stage, path, network.components),
    timesteps: (backend, t) => sinusoids(backend, t, network.timeChannels),
    condenser: (params) => new PixelCondenser(network, params),
    distil: (params, lr) =>
      params &&
      distiller &&
      new SemanticDistiller(distiller.config, params).forward(lr, distiller.vocabulary),
    draw,
    restore: (backend, checkpoint) => checkpoint.restore(backend, template),
    load: (backend, weights) => weights.restore(backend, template),
  };
}

/**
 * A model from its weights, on a backend, for sampling.
 *
 * @param precision how the condenser's weights and activations are stored
 * @throws CheckpointError if the file describes no possible model, or the tensors are of another one
 * @throws DeviceError if the device has no such precision
 */
export function loadModel(backend: Backend, weights: Weights, precision: ElementType = 'f32'): TrainedModel {
  const model = possible(weights);
  const params = model.load(backend, weights);
  const bound = withParams(model, backend, precision === 'f16' ? narrowed(backend, params) : params);
  return replayed(bound, (t) => model.timesteps(backend, t));
}

/** The condenser's parameters as f16. The distiller, which chooses tokens once per clip, stays as it is. */
function narrowed(backend: Backend, { condenser, ...rest }: ModelParams): ModelParams {
  const half = scope(backend, () => halfParams(condenser));
  const kept = new Set(leaves(half).map(([, leaf]) => leaf));
  free(leaves(condenser).flatMap(([, leaf]) => (kept.has(leaf) ? [] : [leaf])));
  return { condenser: half, ...rest };
}

/** A model with parameters that it is given, of its own shapes. */
export function withParams(
  { schedule, frames, multiple, largestTensor, ...model }: Model,
  backend: Backend,
  { condenser: params, distiller }: ModelParams,
): RecordableModel {
  const condenser = model.condenser(params);
  return {
    backend,
    precision: condenser.type,
    schedule,
    frames,
    multiple,
    largestTensor,
    memory: () => condenser.memory(),
    context(lr, frames, memory, observe) {
      const semantics = model.distil(distiller, lr); // line 7 of Algorithm 1
      if (semantics) {
        observe?.(7, 'O', semantics.tokens);
        observe?.(7, 'P', semantics.features);
      }
      const [, , height, width] = lr.shape;
      return semantics && condenser.context(semantics, { frames, height, width }, memory);
    },
    predict: (input, observe) => condenser.forward(input, observe),
    remember: (memory, features, frames) => condenser.remember(memory, features, frames),
  };
}

function checkDistiller({ network: { components, semantics }, distiller }: ModelSpec): void {
  if (components.semantic !== (distiller !== undefined))
    throw new RangeError(
      `components.semantic=${components.semantic}: expected a distiller if and only if it is true`,
    );
  if (!distiller) return;
  const { tokenChannels, features } = distiller.config;
  for (const [field, wanted] of [
    ['tokenChannels', tokenChannels],
    ['featureChannels', features],
  ] as const)
    if (semantics[field] !== wanted)
      throw new RangeError(`semantics.${field}=${semantics[field]}: expected ${wanted}, the distiller's`);
}

function possible({ model, path }: Weights): Model {
  try {
    return makeModel(model);
  } catch (error) {
    throw new CheckpointError(
      path,
      `expected a model of this version of seeclear, got one that cannot be built`,
      {
        cause: error,
      },
    );
  }
}

import { makeSchedule, type Schedule } from '../diffusion/index.js';
import {
  countParams,
  initPixelCondenser,
  PixelCondenser,
  type PixelCondenserParams,
} from '../model/index.js';
import { type Backend, CpuBackend } from '../tensor/index.js';
import type { Checkpoint, Weights } from './checkpoint.js';
import { CheckpointError } from './checkpointError.js';
import type { ModelSpec } from './modelSpec.js';
import { initSeed } from './seeds.js';
import type { TrainedModel } from './trainedModel.js';
import { type Network, trainState, type TrainState } from './trainStep.js';

/** A model that can be trained: network and process, with parameters to be given. */
export interface Model {
  readonly network: Network<PixelCondenserParams>;
  readonly schedule: Schedule;
  /** Sides of LR frames must be multiples of this. */
  readonly multiple: number;
  /** Elements of the largest tensor that the network makes for one LR frame of this size. */
  readonly largestTensor: (height: number, width: number) => number;
  /** how many numbers the parameters are */
  readonly parameters: number;
  /** Training before its first step. */
  initial(backend: Backend, seed: number): TrainState<PixelCondenserParams>;
  /** Training as a checkpoint left it. @throws CheckpointError if that is of another model */
  restore(backend: Backend, checkpoint: Checkpoint): TrainState<PixelCondenserParams>;
  /** @throws CheckpointError if the weights are of another model */
  readonly load: (backend: Backend, weights: Weights) => PixelCondenserParams;
}

/** @throws RangeError or ShapeError if the specification describes no possible model */
export function makeModel({ network: config, diffusion }: ModelSpec): Model {
  const template = initPixelCondenser(config, new CpuBackend(), 0); // for names and shapes
  return {
    network: (params, input, observe) => new PixelCondenser(config, params).forward(input, observe),
    schedule: makeSchedule(diffusion),
    multiple: PixelCondenser.multiple(config),
    largestTensor: (height, width) => PixelCondenser.largestTensor(config, height, width),
    parameters: countParams(template),
    initial: (backend, seed) => trainState(initPixelCondenser(config, backend, initSeed(seed))),
    restore: (backend, checkpoint) => checkpoint.restore(backend, template),
    load: (backend, weights) => weights.restore(backend, template),
  };
}

/**
 * A model from its weights, on a backend.
 *
 * @throws CheckpointError if the file describes no possible model, or the tensors are of another one
 */
export function loadModel(backend: Backend, weights: Weights): TrainedModel {
  const model = possible(weights);
  return withParams(model, backend, model.load(backend, weights));
}

/** A model with parameters that it is given, of its own shapes. */
export const withParams = (
  { network, schedule, multiple, largestTensor }: Model,
  backend: Backend,
  params: PixelCondenserParams,
): TrainedModel => ({
  backend,
  schedule,
  multiple,
  largestTensor,
  predict: (input, observe) => network(params, input, observe),
});

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

import type { Schedule } from '../diffusion/index.js';
import type { Backend, Observer, Tensor } from '../tensor/index.js';
import type { NetworkInput } from './trainStep.js';

/** A network with its parameters and its diffusion process, ready to sample. */
export interface TrainedModel {
  readonly backend: Backend;
  readonly schedule: Schedule;
  /** Sides of LR frames must be multiples of this. */
  readonly multiple: number;
  /** Elements of the largest tensor that the network makes for one LR frame of this size. */
  readonly largestTensor: (height: number, width: number) => number;
  /** x̂_0 [n, 3, 4h, 4w]. `observe` is shown what the network's lines make. */
  readonly predict: (input: NetworkInput, observe?: Observer) => Tensor;
}

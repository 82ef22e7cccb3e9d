import type { Schedule } from '../diffusion/index.js';
import type {
  ClipContext,
  Memory,
  PixelCondenserInput,
  PixelCondenserOutput,
  Timesteps,
} from '../model/index.js';
import type { Backend, ElementType, Observer, Tensor } from '../tensor/index.js';

/** A network with its parameters and its diffusion process, ready to sample. */
export interface TrainedModel {
  readonly backend: Backend;
  /** How weights and activations are stored. */
  readonly precision: ElementType;
  readonly schedule: Schedule;
  /** Frames of a clip, m: as many as the network was made for. */
  readonly frames: number;
  /** Sides of LR frames must be multiples of this. */
  readonly multiple: number;
  /** Elements of the largest tensor that the network makes for one LR frame of this size. */
  readonly largestTensor: (height: number, width: number) => number;
  /** CaTeGory as it was learned, for the first clip of a video; `undefined` for a network without it. */
  readonly memory: () => Memory | undefined;
  /**
   * All that the network takes from a clip besides the state, the same for every step: the distiller's semantics and
   * what the layers make of them (lines 7, 24, 26, 34), and of the memory (line 38).
   *
   * @param lr LR frames of whole clips, [n, 3, h, w]
   * @param frames of each clip
   * @param observe is shown O and P
   * @returns a tree of tensors; `undefined` for a network without semantics
   */
  readonly context: (
    lr: Tensor,
    frames: number,
    memory?: Memory,
    observe?: Observer,
  ) => ClipContext | undefined;
  /** x̂_0, and the features for the memory. `observe` is shown what the network's lines make. */
  readonly predict: (input: PixelCondenserInput, observe?: Observer) => PixelCondenserOutput;
  /** The memory after a clip (16), line 44, from the features of its last step. */
  readonly remember: (memory: Memory, features: readonly Tensor[], frames: number) => Memory;
}

/** One whose timesteps may be tensors: what can be recorded. */
export interface RecordableModel extends TrainedModel {
  readonly predict: (input: PixelCondenserInput<Timesteps>, observe?: Observer) => PixelCondenserOutput;
}

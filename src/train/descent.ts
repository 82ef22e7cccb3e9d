import { charbonnier, trainingState } from '../diffusion/index.js';
import {
  halfParams,
  type Memory,
  type PixelCondenserOutput,
  type PixelCondenserParams,
} from '../model/index.js';
import {
  type Backend,
  full,
  grad,
  leaves,
  mul,
  type Observer,
  pack,
  randomNormal,
  type RandomSource,
  Replay,
  scope,
  type Tensor,
  tensor,
  variables,
} from '../tensor/index.js';
import type { Batch } from './batch.js';
import { type Model, withParams } from './model.js';
import { servesFirstClips, type StageName } from './stages.js';
import type { RecordableModel } from './trainedModel.js';
import { type ModelParams, type Part, partOf, withPart } from './trainState.js';

/** Clips at their timesteps: a tree of tensors. */
export interface NoisyClips {
  /** HR frames [n, 3, h, w] */
  readonly truth: Tensor;
  /** what the network sees of them, likewise, scaled to about unit variance */
  readonly state: Tensor;
  /** Ī^LR, likewise */
  readonly upscaled: Tensor;
  /** LR frames [n, 3, h/4, w/4] */
  readonly lr: Tensor;
  /** `Model.timesteps` of the frames */
  readonly t: Tensor;
}

/** All that the gradient of a step depends on. Whatever changes from one step to the next is a tensor. */
export interface DescentInput extends ModelParams {
  readonly stage: StageName;
  /** Frames of a clip. */
  readonly frames: number;
  /** `PixelCondenserInput.checkpointing` */
  readonly checkpointing: boolean;
  /** What the gradient is multiplied by, a scalar; in half precision, and only there. */
  readonly lossScale?: Tensor;
  readonly clips: NoisyClips;
  /** The clips before them in their videos, where the step asks for them. */
  readonly previous?: NoisyClips;
}

/**
 * A loss and its gradient, as `pack` joins it: one part for each parameter that the stage trains. Both are f32 in half
 * precision too.
 */
export interface Descent {
  readonly loss: Tensor;
  readonly blocks: readonly Tensor[];
}

/** Is told what a descent does, so that it can say where in it something happened. */
export interface DescentWatch {
  /** Is shown the condenser's parameters as the network takes them: others than those of the state in half precision. */
  taken(params: PixelCondenserParams): void;
  /** Is shown what the lines of Algorithm 1 make. */
  readonly observe: Observer;
  /** The vjp of the op that made this tensor comes next. */
  vjp(of: Tensor): void;
}

/** A batch at timesteps `t` of its frames. */
export const noisyClips = (
  { schedule, timesteps }: Model,
  backend: Backend,
  { hr, upscaled, lr, n, size }: Batch,
  t: readonly number[],
  noise: RandomSource,
): NoisyClips =>
  scope(backend, () => {
    const truth = tensor(backend, [n, 3, size, size], hr);
    const xl = tensor(backend, truth.shape, upscaled);
    const { state, scale } = trainingState(truth, xl, t, schedule, randomNormal(backend, truth.shape, noise));
    const small = tensor(backend, [n, 3, size / 4, size / 4], lr);
    return { truth, state: mul(state, scale), upscaled: xl, lr: small, t: timesteps(backend, t) };
  });

const replays = new WeakMap<Model, WeakMap<Backend, Replay<DescentInput, Descent>>>();

/** `descent` of a model on a backend, replayed from the second step of a kind on (docs/adr/0010). */
export function replayedDescent(model: Model, backend: Backend): Replay<DescentInput, Descent> {
  const known = replays.get(model) ?? new WeakMap<Backend, Replay<DescentInput, Descent>>();
  replays.set(model, known);
  const replay = known.get(backend) ?? new Replay(backend, (input) => descent(model, backend, input));
  known.set(backend, replay);
  return replay;
}

/** Loss of clips, and its gradient by the parameters that the stage trains. */
export function descent(model: Model, backend: Backend, input: DescentInput, watch?: DescentWatch): Descent {
  const { stage, lossScale } = input;
  const condenser = lossScale ? halfParams(input.condenser) : input.condenser;
  watch?.taken(condenser);
  const trained = variables(partOf(condenser, (path) => model.trains(stage, path)));
  const params = withPart(condenser, trained);
  const loss = lossOf(model, backend, { ...input, condenser }, params, watch?.observe);
  return { loss, blocks: pack(gradients(loss, trained, input, watch)) };
}

/**
 * The loss of clips. In the stages with memory they ask what the clips before them left there, or where there are none,
 * what was learned. No gradient flows into the clips before.
 *
 * @param params of the condenser, some of them variables
 */
function lossOf(
  model: Model,
  backend: Backend,
  { stage, frames, checkpointing, condenser: constant, distiller, clips, previous }: DescentInput,
  params: PixelCondenserParams,
  observe?: Observer,
): Tensor {
  const bind = (condenser: PixelCondenserParams): RecordableModel =>
    withParams(model, backend, { condenser, ...(distiller && { distiller }) });
  const network = bind(params);
  let memory = stage === 'condenser' ? undefined : network.memory();
  if (memory && previous) {
    const before = bind(constant);
    const { features } = pass(before, previous, { frames, memory: before.memory() });
    memory = network.remember(memory, features, frames); // line 44
  }
  return charbonnier(clips.truth, pass(network, clips, { frames, memory, checkpointing, observe }).x0);
}

interface PassOptions extends Pick<DescentInput, 'frames'> {
  readonly memory: Memory | undefined;
  readonly checkpointing?: boolean;
  readonly observe?: Observer | undefined;
}

/** Clips through the network. */
function pass(
  network: RecordableModel,
  { state, upscaled, lr, t }: NoisyClips,
  { frames, memory, checkpointing = false, observe }: PassOptions,
): PixelCondenserOutput {
  const context = network.context(lr, frames, memory, observe);
  const input = { state, upscaled, lr, t, frames, checkpointing, ...(context && { context }) };
  return network.predict(input, observe);
}

/**
 * The gradient of the loss, one for each parameter that is trained. Those that construct the memory have no part in
 * the loss of first clips: there it is 0.
 */
function gradients(
  loss: Tensor,
  trained: Part,
  { lossScale, previous }: DescentInput,
  watch?: DescentWatch,
): Tensor[] {
  const all = leaves(trained);
  const reached = all.filter(([path]) => previous !== undefined || servesFirstClips(path));
  const found = grad(
    loss,
    reached.map(([, leaf]) => leaf),
    lossScale,
    watch && ((of) => watch.vjp(of)),
  );
  const byPath = new Map(reached.map(([path], i) => [path, found[i]]));
  return all.map(([path, { backend, shape }]) => byPath.get(path) ?? full(backend, shape, 0));
}

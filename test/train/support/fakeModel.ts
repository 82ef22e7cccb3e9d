import { fourStepDiffusion, makeSchedule } from '../../../src/diffusion/index.js';
import {
  add,
  broadcastTo,
  CpuBackend,
  lincomb,
  mean,
  reshape,
  scale,
  tensor,
  type Backend,
} from '../../../src/tensor/index.js';
import type { TrainedModel } from '../../../src/train/index.js';

/** What a fake model was asked for. */
export interface Calls {
  contexts: number;
  /** step and frames of each */
  predictions: [t: number, frames: number][];
  memories: number;
}

/**
 * A network of a few multiplications in which a frame's result depends on all that it may depend on: its state, its
 * enlarged frame, every LR frame of its clip, the step, and with `category` the memory, which remembers the clip's last
 * features.
 */
export function fakeModel(
  category: boolean,
  backend: Backend = new CpuBackend(),
): TrainedModel & { readonly calls: Calls } {
  const calls: Calls = { contexts: 0, predictions: [], memories: 0 };
  const learned = {
    semantics: tensor(backend, [1, 1], [1]),
    textures: tensor(backend, [1, 1, 1], [0.25]),
  };
  return {
    calls,
    backend,
    precision: 'f32',
    schedule: makeSchedule(fourStepDiffusion),
    frames: 5,
    multiple: 4,
    largestTensor: (height, width) => height * width,
    memory: () => (category ? learned : undefined),
    context(lr, _, memory) {
      calls.contexts++;
      const own = reshape(mean(lr), [1, 1, 1]);
      return { middle: [], decoder: [], clip: memory ? add(own, memory.textures) : own };
    },
    predict({ state, upscaled, t, frames, context }) {
      calls.predictions.push([t[0], frames]);
      const clip = context?.clip ?? upscaled;
      const shift = broadcastTo(reshape(clip, [1, 1, 1, 1]), upscaled.shape);
      const x0 = lincomb([0.8, upscaled], [0.05 / t[0], state], [0.1, shift]);
      return { x0, features: [scale(1 + t[0], x0)] };
    },
    remember({ semantics, textures }, [features]) {
      calls.memories++;
      const seen = reshape(mean(features), [1, 1, 1]);
      return { semantics, textures: lincomb([0.5, textures], [0.5, seen]) };
    },
  };
}

import type { ClipContext, Memory, PixelCondenserInput, PixelCondenserOutput } from '../model/index.js';
import { Replay, scope, type Tensor } from '../tensor/index.js';
import type { RecordableModel, TrainedModel } from './trainedModel.js';

/**
 * The same model, for sampling: what its network does is recorded for the first clip of each size, at its first step,
 * and replayed from then on (docs/adr/0010). No gradient flows through it. What is observed is computed anew.
 *
 * @param timesteps `t` as a tensor, so that one recording serves all steps
 */
export function replayed(model: RecordableModel, timesteps: (t: readonly number[]) => Tensor): TrainedModel {
  const { backend } = model;
  const context = new Replay(
    backend,
    ({ lr, frames, memory }: { lr: Tensor; frames: number; memory?: Memory }): { context?: ClipContext } => {
      const made = model.context(lr, frames, memory);
      return made ? { context: made } : {};
    },
  );
  const prediction = new Replay(backend, (input: PixelCondenserInput<Tensor>): PixelCondenserOutput =>
    model.predict(input),
  );
  const memory = new Replay(
    backend,
    (input: { memory: Memory; features: readonly Tensor[]; frames: number }): Memory =>
      model.remember(input.memory, input.features, input.frames),
  );
  return {
    ...model,
    context: (lr, frames, asked, observe) =>
      observe
        ? model.context(lr, frames, asked, observe)
        : context.run({ lr, frames, ...(asked && { memory: asked }) }).context,
    predict(input, observe) {
      if (observe) return model.predict(input, observe);
      const { t, ...rest } = input;
      return scope(backend, () => prediction.run({ ...rest, t: timesteps(t) }));
    },
    remember: (asked, features, frames) => memory.run({ memory: asked, features, frames }),
  };
}

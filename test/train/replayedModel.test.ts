/** Sampling from a recording: the whole network at its least size, every component, no parameter zero. */
import { expect } from 'chai';
import { proceduralSource } from '../../src/data/index.js';
import { GpuBackend } from '../../src/kernels/runtime/gpuBackend.js';
import { type Backend, CpuBackend, free } from '../../src/tensor/index.js';
import { perturbed } from '../../src/trace/index.js';
import { makeModel, replayed, type TrainedModel, upscaleClip, withParams } from '../../src/train/index.js';
import { onGpu } from '../support/gpu.js';
import { leastModel } from './support/leastModel.js';

const video = proceduralSource(4).clip(0, 5, 8);

/** Both models with the same parameters, and how often the network of the second was asked. */
function pair(backend: Backend): { plain: TrainedModel; recorded: TrainedModel; asked: () => number } {
  const model = makeModel(leastModel('diffusion.T=4'));
  const plain = { ...withParams(model, backend, perturbed(model.draw(backend, 1), 1)), multiple: 8 };
  let asked = 0;
  const counted: typeof plain = {
    ...plain,
    predict: (input) => {
      asked++;
      return plain.predict(input);
    },
  };
  return { plain, recorded: replayed(counted, (t) => model.timesteps(backend, t)), asked: () => asked };
}

/** Three clips of a video, the last one shorter, with the memory handed on; and what is held after each. */
async function sample(model: TrainedModel): Promise<{ images: unknown[]; reserved: number[] }> {
  const images: unknown[] = [];
  const reserved: number[] = [];
  let before: { textures?: Parameters<typeof upscaleClip>[4]['textures'] } = {};
  for (const [first, length] of [
    [0, 2],
    [2, 2],
    [4, 1],
  ]) {
    const options = { seed: 3, ...(before.textures && { textures: before.textures }) };
    const clip = await upscaleClip(model, video.slice(first, first + length), first, length, options);
    free(before);
    before = clip.textures ? { textures: clip.textures } : {};
    images.push(clip.images);
    reserved.push(model.backend.memory().tensors);
  }
  free(before);
  return { images, reserved };
}

describe('a replayed model', () => {
  it(
    'samples bit for bit what the model samples, from one recording for each length of clips',
    onGpu(async (opened) => {
      const { plain, recorded, asked } = pair(new GpuBackend(opened));
      expect((await sample(recorded)).images).to.deep.equal((await sample(plain)).images);
      expect(asked(), 'of 12 steps').to.equal(2);
      const again = await sample(recorded);
      expect(asked()).to.equal(2);
      expect(again.reserved[1]).to.equal(again.reserved[0]);
    }),
  );

  it('is the model itself on the CPU, and where it is observed', async () => {
    const { plain, recorded, asked } = pair(new CpuBackend());
    const frames = video.slice(0, 1);
    const lines: number[] = [];
    const options = { seed: 3, observe: (line: number) => lines.push(line) };
    const want = await upscaleClip(plain, frames, 0, 1, { seed: 3 });
    expect((await upscaleClip(recorded, frames, 0, 1, { seed: 3 })).images).to.deep.equal(want.images);
    expect((await upscaleClip(recorded, frames, 0, 1, options)).images).to.deep.equal(want.images);
    expect(lines).to.include(40);
    expect(asked()).to.equal(8);
  });
});

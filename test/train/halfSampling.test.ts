/** Sampling with weights and activations in f16, against the same in f32. */
import { expect } from 'chai';
import { type Image, proceduralSource } from '../../src/data/index.js';
import { respaced } from '../../src/diffusion/index.js';
import { clipQuality } from '../../src/metrics/index.js';
import { type Backend, CpuBackend, type ElementType, free } from '../../src/tensor/index.js';
import { perturbed } from '../../src/trace/index.js';
import { loadModel, loadWeights, makeModel, type TrainedModel, upscaleClip, type Weights } from '../../src/train/index.js'; // prettier-ignore
import { onHalf } from '../support/half.js';
import { leastModel } from './support/leastModel.js';

/** Weights of the whole network at its least size, no parameter zero. */
function leastWeights(): Weights {
  const spec = leastModel('diffusion.T=4');
  const file = { path: 'drawn', model: spec, digest: '', provenance: {} };
  return { ...file, restore: (backend) => perturbed(makeModel(spec).draw(backend, 1), 1) };
}

/** Two clips of a video, the memory handed on. */
async function sample(model: TrainedModel, video: readonly Image[]): Promise<Image[]> {
  const m = video.length / 2;
  const first = await upscaleClip(model, video.slice(0, m), 0, m, { seed: 3 });
  expect(first.textures?.type).to.equal('f32');
  const textures = first.textures && { textures: first.textures };
  const second = await upscaleClip(model, video.slice(m), m, m, { seed: 3, ...textures });
  free([first.textures, second.textures]);
  return [...first.images, ...second.images];
}

/** PSNR in dB of the frames in f16 to those in f32, as RGB: at 50 they differ by 0.8 of an 8-bit step. */
async function likeness(
  backend: Backend,
  weights: Weights,
  video: readonly Image[],
  adapt: (model: TrainedModel) => TrainedModel,
): Promise<number> {
  const sampled = (precision: ElementType): Promise<Image[]> =>
    sample(adapt(loadModel(backend, weights, precision)), video);
  return clipQuality(await sampled('f16'), await sampled('f32'), 'rgb').psnr;
}

describe('sampling in half precision', () => {
  it(
    'gives the frames of f32 with more than 50 dB, every component at work',
    onHalf(async (backend) => {
      const video = proceduralSource(4).clip(0, 4, 8);
      const adapt = (model: TrainedModel): TrainedModel => ({ ...model, multiple: 8 });
      expect(await likeness(backend, leastWeights(), video, adapt)).to.be.above(50);
    }),
  );

  it(
    'gives them with more than 50 dB with the shipped weights',
    onHalf(async (backend) => {
      const video = proceduralSource(4).clip(0, 2, 16);
      const weights = loadWeights('weights/small.safetensors');
      const adapt = (model: TrainedModel): TrainedModel => ({
        ...model,
        schedule: respaced(model.schedule, 2),
      });
      expect(await likeness(backend, weights, video, adapt)).to.be.above(50);
    }),
  ).timeout(240_000);

  it('changes nothing on the CPU, which stores float64 whatever it is', async () => {
    const video = proceduralSource(4).clip(0, 4, 8);
    const adapt = (model: TrainedModel): TrainedModel => ({ ...model, multiple: 8 });
    expect(await likeness(new CpuBackend(), leastWeights(), video, adapt)).to.equal(Infinity);
  });
});

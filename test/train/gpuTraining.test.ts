/** Training as `train` does it, on the device: network, diffusion, loss, gradients, Adam, average. */
import { expect } from 'chai';
import { charbonnier } from '../../src/diffusion/index.js';
import { CpuBackend, free, tensor, type Backend, type MemoryStats } from '../../src/tensor/index.js';
import {
  cosineSchedule,
  makeModel,
  modelSpec,
  prepareBatch,
  trainingClips,
  trainStep,
} from '../../src/train/index.js';
import { onGpu } from '../support/gpu.js';
import { gpuBackend } from '../support/kernelLaw.js';

const model = makeModel(modelSpec('tiny'));
/** One clip of one frame, 32 × 32. */
const batch = prepareBatch(trainingClips('procedural', 3), 0, { clips: 1, frames: 1, crop: 32 });

interface Observed {
  readonly loss: number;
  readonly memory: MemoryStats;
}

/** Trains on that one batch again and again, each step with its own timestep and noise. */
async function train(backend: Backend, steps: number, seed: number): Promise<Observed[]> {
  const observed: Observed[] = [];
  let state = model.initial(backend, seed);
  for (let step = 0; step < steps; step++) {
    const lr = cosineSchedule(step, { from: 1e-2, to: 1e-4, steps, warmup: 5 });
    const options = { seed, frames: 1, lr, clipNorm: 1, emaDecay: 0.999 };
    const done = await trainStep(backend, model.network, model.schedule, state, batch, options);
    state = done.state;
    observed.push({ loss: done.report.loss, memory: backend.memory() });
  }
  free(state);
  return observed;
}

const losses = (observed: readonly Observed[]): number[] => observed.map(({ loss }) => loss);

describe('training on a device', () => {
  it(
    'learns one frame by heart: 20 dB closer than bicubic, from any timestep and under any noise',
    onGpu(async (opened) => {
      const seen = losses(await train(gpuBackend(opened), 140, 1));
      const cpu = new CpuBackend();
      const [hr, upscaled] = [batch.hr, batch.upscaled].map((x) => tensor(cpu, [x.length], x));
      const bicubic = await charbonnier(hr, upscaled).item();
      expect(seen[0], 'the network starts as bicubic').to.be.closeTo(bicubic, 1e-4 * bicubic);
      const last = seen.slice(-20);
      const mean = last.reduce((a, b) => a + b, 0) / last.length;
      expect(mean, 'mean loss of the last 20 steps').to.be.below(bicubic / 10);
    }),
  ).timeout(600_000);

  it(
    'gives the same bits for the same seed, and others for another',
    onGpu(async (opened) => {
      const backend = gpuBackend(opened);
      const first = losses(await train(backend, 5, 7));
      expect(losses(await train(backend, 5, 7))).to.deep.equal(first);
      expect(losses(await train(backend, 5, 8))).to.not.deep.equal(first);
    }),
  );

  it(
    'holds as many tensors and bytes after the fifteenth step as after the fifth, and the same reserve',
    onGpu(async (opened) => {
      const backend = gpuBackend(opened);
      const seen = (await train(backend, 15, 1)).slice(4).map(({ memory }) => memory);
      expect(seen[0].tensors).to.be.above(0);
      for (const memory of seen) expect(memory).to.deep.equal(seen[0]);
    }),
  );
});

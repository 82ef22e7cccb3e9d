/** Training as `train` does it, on the device: network, diffusion, loss, gradients, Adam, average. */
import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { charbonnier } from '../../src/diffusion/index.js';
import { CpuBackend, free, leaves, tensor, type Backend, type MemoryStats } from '../../src/tensor/index.js';
import {
  type Batch,
  batchShapeAt,
  checkpointFile,
  cosineSchedule,
  loadCheckpoint,
  makeModel,
  modelSpec,
  prepareBatch,
  stageAt,
  type TrainConfig,
  trainingClips,
  trainingRun,
  trainState,
  type TrainState,
  trainStep,
} from '../../src/train/index.js';
import { onGpu } from '../support/gpu.js';
import { gpuBackend } from '../support/kernelLaw.js';

const model = makeModel(modelSpec('tiny'));
const source = trainingClips('procedural', 3);
/** One clip of one frame, 32 × 32. */
const batch = prepareBatch(source, 0, { clips: 1, frames: 1, crop: 32 });

interface Observed {
  readonly loss: number;
  readonly memory: MemoryStats;
}

/** Trains on that one batch again and again, each step with its own timestep and noise. */
async function train(backend: Backend, steps: number, seed: number): Promise<Observed[]> {
  const observed: Observed[] = [];
  let state = trainState(model.draw(backend, seed));
  for (let step = 0; step < steps; step++) {
    const lr = cosineSchedule(step, { from: 1e-2, to: 1e-4, steps, warmup: 5 });
    const options = { seed, frames: 1, stage: 'condenser', lr, clipNorm: 1, emaDecay: 0.999 } as const;
    const done = await trainStep(model, backend, state, batch, options);
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
});

describe('SeeClear (training stages): on a device', () => {
  const stage = { steps: 3, lr: 1e-3, lrEnd: 1e-4 };
  const config = (steps = stage.steps): TrainConfig => ({
    model: modelSpec('tiny'), data: 'procedural', seed: 3, batch: 1, frames: 2, crop: 32, warmup: 1, clipNorm: 1,
    emaDecay: 0.9, origins: {}, stages: { condenser: { ...stage, steps }, memory: { ...stage, steps }, joint: { ...stage, steps } },
  }); // prettier-ignore
  const batchAt = (of: TrainConfig, step: number): Batch =>
    prepareBatch(source, step, batchShapeAt(of, step));
  let root: string;
  before(() => (root = mkdtempSync(join(tmpdir(), 'stages-'))));
  after(() => rmSync(root, { recursive: true }));

  it(
    'a run that was stopped and resumed, within stages and between them, ends in the same bits',
    onGpu(async (opened) => {
      const backend = gpuBackend(opened);
      const run = (name: string, state: TrainState, stop = Infinity): Promise<TrainState> =>
        trainingRun(
          {
            backend, model, config: config(), folder: join(root, name), saveEvery: 100,
            batch: (step) => Promise.resolve(batchAt(config(), step)),
            shouldStop: ({ step }) => step >= stop,
          },
          state,
        ); // prettier-ignore
      const numbers = (state: TrainState): Promise<unknown[]> =>
        Promise.all(leaves(state).map(async ([path, leaf]) => [path, [...(await leaf.read())]]));
      const first = (): TrainState => trainState(model.draw(backend, 3));
      const straight = await run('straight', first());
      let state = await run('stopped', first(), 1);
      for (const stop of [3, 4, 6, 8, Infinity]) {
        free(state);
        const checkpoint = loadCheckpoint(checkpointFile(join(root, 'stopped')));
        state = await run('stopped', model.restore(backend, checkpoint), stop);
      }
      expect(state.step).to.equal(9);
      expect(await numbers(state)).to.deep.equal(await numbers(straight));
      free({ state, straight });
    }),
  ).timeout(300_000);

  it(
    'holds as many tensors and bytes after the last step of a stage as after its fifth, and the same reserve',
    onGpu(async (opened) => {
      const backend = gpuBackend(opened);
      const { stages } = config(10);
      const held = new Map<string, MemoryStats>();
      let state = trainState(model.draw(backend, 1));
      for (let step = 0; step < 30; step++) {
        const { name } = stageAt(stages, step);
        const options = { seed: 1, frames: 2, stage: name, lr: 1e-3, clipNorm: 1, emaDecay: 0.9 };
        ({ state } = await trainStep(model, backend, state, batchAt(config(10), step), options));
        const memory = backend.memory();
        if (step % 10 === 4) held.set(name, memory);
        if (step % 10 > 4) expect(memory, `step ${step}`).to.deep.equal(held.get(name));
      }
      expect(held.size).to.equal(3);
      free(state);
    }),
  ).timeout(300_000);
});

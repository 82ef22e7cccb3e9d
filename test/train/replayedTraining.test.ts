/** Training from recordings: the whole network at its least size, all three stages, on the device. */
import { expect } from 'chai';
import type { OpenedDevice } from '../../src/kernels/runtime/device.js';
import { GpuBackend } from '../../src/kernels/runtime/gpuBackend.js';
import { free, leaves, PlanningBackend } from '../../src/tensor/index.js';
import { perturbed } from '../../src/trace/index.js';
import {
  type Batch, batchShapeAt, makeModel, prepareBatch, stageAt, stepsOf, type StepReport, trainingClips,
  trainingFootprint, trainState, trainStep,
} from '../../src/train/index.js'; // prettier-ignore
import { onGpu } from '../support/gpu.js';
import { leastModel } from './support/leastModel.js';
import { leastRun } from './support/leastRun.js';

const stage = { steps: 5, lr: 1e-3, lrEnd: 1e-4 };
const spec = leastModel();
const config = leastRun(
  { condenser: stage, memory: stage, joint: stage },
  { model: spec, seed: 3, batch: 2 },
);
const source = trainingClips('procedural', 3);
const batchAt = (step: number): Batch => prepareBatch(source, step, batchShapeAt(config, step));

/** A device on which every step runs all of its code again. */
class Unrecorded extends GpuBackend {
  override record(): undefined {
    return undefined;
  }
}

/** A device that counts how often steps are made ready, with bind groups and all. */
class Counting extends GpuBackend {
  compiled = 0;

  protected override compile(...args: Parameters<GpuBackend['compile']>): ReturnType<GpuBackend['compile']> {
    this.compiled++;
    return super.compile(...args);
  }
}

interface Trained {
  readonly reports: StepReport[];
  /** parameters, moments and average at the end */
  readonly values: unknown[];
  /** bytes after each step */
  readonly reserved: number[];
  /** how often steps had been made ready, after each step */
  readonly compiled: number[];
}

/** Trains through all stages. */
async function train(backend: GpuBackend, checkpointing = false): Promise<Trained> {
  const model = makeModel(spec);
  const reports: StepReport[] = [];
  const reserved: number[] = [];
  const compiled: number[] = [];
  const drawn = model.draw(backend, 1);
  let state = trainState(perturbed(drawn, 1));
  free(drawn);
  for (let step = 0; step < stepsOf(config.stages); step++) {
    const { name } = stageAt(config.stages, step);
    const lr = 1e-3 / (step + 1);
    const options = { seed: 1, frames: 2, stage: name, checkpointing, lr, clipNorm: 1, emaDecay: 0.9 };
    const done = await trainStep(model, backend, state, batchAt(step), options);
    state = done.state;
    reports.push(done.report);
    reserved.push(backend.memory().reserved);
    if (backend instanceof Counting) compiled.push(backend.compiled);
  }
  const values = await Promise.all(
    leaves(state).map(async ([path, leaf]) => [path, [...(await leaf.read())]]),
  );
  free(state);
  return { reports, values, reserved, compiled };
}

describe('training from recordings', () => {
  const runs = new Map<string, Promise<Trained>>();
  const once = (name: string, run: () => Promise<Trained>): Promise<Trained> => {
    const known = runs.get(name) ?? run();
    runs.set(name, known);
    return known;
  };
  const recorded = (opened: OpenedDevice): Promise<Trained> =>
    once('recorded', () => train(new Counting(opened)));
  const checkpointed = (opened: OpenedDevice): Promise<Trained> =>
    once('checkpointed', () => train(new Counting(opened), true));

  it(
    'is bit for bit training without: losses, norms, parameters, moments, average',
    onGpu(async (opened) => {
      const { reports, values } = await train(new Unrecorded(opened));
      expect((await recorded(opened)).reports).to.deep.equal(reports);
      expect((await recorded(opened)).values).to.deep.equal(values);
    }),
  ).timeout(120_000);

  it(
    'holds as much in every step of a stage, and makes steps ready in its first ones only',
    onGpu(async (opened) => {
      const { reserved, compiled } = await recorded(opened);
      for (const last of [4, 9, 14]) {
        expect(reserved[last], `bytes after step ${last}`).to.equal(reserved[last - 2]);
        expect(compiled[last], `made ready until step ${last}`).to.be.at.most(compiled[last - 2] + 1);
      }
    }),
  ).timeout(120_000);

  it(
    'with checkpointing starts with the same loss, goes on within rounding, and holds less',
    onGpu(async (opened) => {
      const [kept, again] = [await recorded(opened), await checkpointed(opened)];
      expect(again.reports[0].loss).to.equal(kept.reports[0].loss);
      again.reports.forEach(({ loss, gradNorm }, step) => {
        expect(loss).to.be.closeTo(kept.reports[step].loss, 1e-3 * loss);
        expect(gradNorm).to.be.closeTo(kept.reports[step].gradNorm, 1e-2 * gradNorm);
      });
      expect(again.reserved.at(-1)).to.be.below(0.95 * kept.reserved.at(-1)!);
    }),
  ).timeout(120_000);

  it(
    'takes the memory that is planned for it',
    onGpu(async (opened) => {
      for (const [checkpointing, trained] of [
        [false, await recorded(opened)],
        [true, await checkpointed(opened)],
      ] as const) {
        const model = makeModel(spec);
        const planning = new PlanningBackend();
        const state = trainState(model.draw(planning, 0));
        const { bytes } = await trainingFootprint(model, { ...config, checkpointing }, planning, state);
        expect(bytes / Math.max(...trained.reserved)).to.be.within(0.9, 1.1);
      }
    }),
  ).timeout(120_000);
});

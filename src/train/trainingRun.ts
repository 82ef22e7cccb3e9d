import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { Backend } from '../tensor/index.js';
import type { Batch, BatchShape } from './batch.js';
import { saveCheckpoint } from './checkpoint.js';
import { cosineSchedule } from './cosineSchedule.js';
import type { Model } from './model.js';
import { asksCarriedMemory, type Stage, stageAt, type StageName, stepsOf } from './stages.js';
import type { TrainConfig } from './trainConfig.js';
import type { TrainState } from './trainState.js';
import { trainStep } from './trainStep.js';

/** One line of metrics.jsonl. */
export interface StepRecord {
  /** steps taken, this one included */
  readonly step: number;
  readonly stage: StageName;
  readonly loss: number;
  readonly gradNorm: number;
  readonly lr: number;
  /** clips a second, over this step */
  readonly samplesPerSecond: number;
  /** live on the device after the step */
  readonly bytes: number;
  readonly tensors: number;
}

/** What a run works with. */
export interface RunParts {
  readonly backend: Backend;
  readonly model: Model;
  readonly config: TrainConfig;
  /** Where checkpoint.safetensors and metrics.jsonl go. Made if missing. */
  readonly folder: string;
  /** Steps between checkpoints; the last step always makes one. */
  readonly saveEvery: number;
  /** The batch of a step, a function of the step alone; see `batchShapeAt`. */
  batch(step: number): Promise<Batch>;
  onStep?(record: StepRecord): void;
  /** Asked after each step; true ends the run there, with a checkpoint. */
  shouldStop?(record: StepRecord): boolean;
}

export const checkpointFile = (folder: string): string => join(folder, 'checkpoint.safetensors');
export const metricsFile = (folder: string): string => join(folder, 'metrics.jsonl');

/** The shape of the batch of a step. */
export const batchShapeAt = ({ stages, batch, frames, crop }: TrainConfig, step: number): BatchShape => ({
  clips: batch,
  frames,
  crop,
  carried: asksCarriedMemory(stageAt(stages, step).name, step),
});

/**
 * Trains from where `state` is to the last step of the last stage. A run that was stopped, within a stage or between
 * two, and went on from its checkpoint ends in the same bits as one that was not.
 *
 * @param state is freed; the result takes its place
 * @throws DivergenceError, InputError, DeviceError
 */
export async function trainingRun(
  { backend, model, config, ...run }: RunParts,
  state: TrainState,
): Promise<TrainState> {
  const { seed, frames, clipNorm, emaDecay, checkpointing = false } = config;
  const steps = stepsOf(config.stages);
  let now = state;
  let batch = await run.batch(now.step); // before anything is written: the data may be unusable
  mkdirSync(run.folder, { recursive: true });
  for (let step = now.step; step < steps; step++) {
    const start = performance.now();
    const stage = stageAt(config.stages, step);
    const lr = learningRate(stage, config.warmup, step);
    const options = { seed, frames, stage: stage.name, checkpointing, lr, clipNorm, emaDecay };
    const work = trainStep(model, backend, now, batch, options);
    const coming = step + 1 < steps ? run.batch(step + 1) : undefined;
    const done = await work;
    now = done.state;
    const { bytes, tensors } = backend.memory();
    const samplesPerSecond = (config.batch * 1000) / (performance.now() - start);
    const record: StepRecord = {
      step: step + 1,
      stage: stage.name,
      ...done.report,
      lr,
      samplesPerSecond,
      bytes,
      tensors,
    };
    appendFileSync(metricsFile(run.folder), `${JSON.stringify(record)}\n`);
    run.onStep?.(record);
    await turn(); // lets Ctrl-C through
    const last = step + 1 === steps || run.shouldStop?.(record) === true;
    if (last || (step + 1) % run.saveEvery === 0)
      await saveCheckpoint(checkpointFile(run.folder), config, now);
    if (last) break;
    if (coming) batch = await coming;
  }
  return now;
}

/** Each stage has a warm-up and half a cosine of its own. */
const learningRate = ({ lr, lrEnd, steps, first }: Stage, warmup: number, step: number): number =>
  cosineSchedule(step - first, { from: lr, to: lrEnd, steps, warmup: Math.min(warmup, steps - 1) });

import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { Schedule } from '../diffusion/index.js';
import type { Backend } from '../tensor/index.js';
import type { Batch } from './batch.js';
import { saveCheckpoint } from './checkpoint.js';
import { cosineSchedule } from './cosineSchedule.js';
import type { TrainConfig } from './trainConfig.js';
import { type Network, trainStep, type TrainState } from './trainStep.js';

/** One line of metrics.jsonl. */
export interface StepRecord {
  /** steps taken, this one included */
  readonly step: number;
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
export interface RunParts<P extends object> {
  readonly backend: Backend;
  readonly network: Network<P>;
  readonly schedule: Schedule;
  readonly config: TrainConfig;
  /** Where checkpoint.safetensors and metrics.jsonl go. Made if missing. */
  readonly folder: string;
  /** Steps between checkpoints; the last step always makes one. */
  readonly saveEvery: number;
  /** The batch of a step, a function of the step alone. */
  batch(step: number): Promise<Batch>;
  onStep?(record: StepRecord): void;
  /** Asked after each step; true ends the run there, with a checkpoint. */
  shouldStop?(record: StepRecord): boolean;
}

export const checkpointFile = (folder: string): string => join(folder, 'checkpoint.safetensors');
export const metricsFile = (folder: string): string => join(folder, 'metrics.jsonl');

/**
 * Trains from where `state` is to the last step. A run that was stopped and went on from its checkpoint ends in
 * the same bits as one that was not.
 *
 * @param state is freed; the result takes its place
 * @throws DivergenceError, InputError, DeviceError
 */
export async function trainingRun<P extends object>(
  { backend, network, schedule, config, ...run }: RunParts<P>,
  state: TrainState<P>,
): Promise<TrainState<P>> {
  const { seed, frames, steps, clipNorm, emaDecay } = config;
  let now = state;
  let batch = await run.batch(now.adam.step); // before anything is written: the data may be unusable
  mkdirSync(run.folder, { recursive: true });
  for (let step = now.adam.step; step < steps; step++) {
    const start = performance.now();
    const lr = cosineSchedule(step, { from: config.lr, to: config.lrEnd, steps, warmup: config.warmup });
    const work = trainStep(backend, network, schedule, now, batch, { seed, frames, lr, clipNorm, emaDecay });
    const coming = step + 1 < steps ? run.batch(step + 1) : undefined;
    const done = await work;
    now = done.state;
    const { bytes, tensors } = backend.memory();
    const samplesPerSecond = (config.batch * 1000) / (performance.now() - start);
    const record: StepRecord = { step: step + 1, ...done.report, lr, samplesPerSecond, bytes, tensors };
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

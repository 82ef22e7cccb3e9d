import { setImmediate as turn } from 'node:timers/promises';
import type { Backend } from '../tensor/index.js';
import type { Batch, BatchShape } from './batch.js';
import { saveCheckpoint } from './checkpoint.js';
import { cosineSchedule } from './cosineSchedule.js';
import { explained } from './failure.js';
import { checkpointFile, sweep } from './keptCheckpoints.js';
import { LossSpikes } from './lossSpikes.js';
import { MetricsLog } from './metricsLog.js';
import type { Model } from './model.js';
import { asksCarriedMemory, type Stage, stageAt, type StageName, stepsOf } from './stages.js';
import { stateHash } from './stateHash.js';
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
  /** What the loss was multiplied by, in half precision: see `LossScale`. */
  readonly scale?: number;
  readonly lr: number;
  /** How far the loss is above those before it, in deviations, if that is far: see `LossSpikes`. */
  readonly spike?: number;
  /** clips a second, over this step */
  readonly samplesPerSecond: number;
  /** live on the device after the step */
  readonly bytes: number;
  readonly tensors: number;
  /** bytes that the device holds for us, live or for reuse */
  readonly reserved: number;
  /** `stateHash` after the step, each `hashEvery` steps */
  readonly state?: string;
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
  /** Steps between hashes of the state in metrics.jsonl; the last step always has one. `saveEvery` if left out. */
  readonly hashEvery?: number;
  /** The batch of a step, a function of the step alone; see `batchShapeAt`. */
  batch(step: number): Promise<Batch>;
  onStep?(record: StepRecord): void;
  /** Is shown the state after each step, before a checkpoint of it is made. */
  afterStep?(record: StepRecord, state: TrainState): Promise<void>;
  /** Asked after each step; true ends the run there, with a checkpoint. */
  shouldStop?(record: StepRecord): boolean;
}

/** The shape of the batch of a step. */
export const batchShapeAt = ({ stages, batch, frames, crop }: TrainConfig, step: number): BatchShape => ({
  clips: batch,
  frames,
  crop,
  carried: asksCarriedMemory(stageAt(stages, step).name, step),
});

/**
 * Trains from where `state` is to the last step of the last stage. A run that was stopped or killed, within a stage or
 * between two, and went on from its checkpoint ends in the same bits, and the same metrics but for time and memory, as
 * one that was not.
 *
 * @param state is freed; the result takes its place
 * @throws DivergenceError, InputError, DeviceError; what to do is in the message, and for the first also in failure.json
 */
export async function trainingRun(
  { backend, model, config, ...run }: RunParts,
  state: TrainState,
): Promise<TrainState> {
  const { seed, frames, micro, clipNorm, emaDecay, checkpointing = false } = config;
  const { folder, saveEvery, hashEvery = saveEvery } = run;
  const steps = stepsOf(config.stages);
  let now = state;
  let saved = state.step;
  let batch = await run.batch(now.step); // before anything is written: the data may be unusable
  const log = new MetricsLog<StepRecord>(folder, now.step);
  sweep(folder);
  const spikes = new LossSpikes(log.earlier.map(({ loss }) => loss));
  for (let step = now.step; step < steps; step++) {
    const start = performance.now();
    const stage = stageAt(config.stages, step);
    const lr = learningRate(stage, config.warmup, step);
    const options = {
      seed, frames, stage: stage.name, checkpointing, lr, clipNorm, emaDecay, ...(micro && { micro }),
    }; // prettier-ignore
    const orExplained = <T>(work: Promise<T>): Promise<T> =>
      work.catch(async (error: unknown) => {
        throw await explained(error, { model, backend, state: now, batch, options, folder, saved });
      });
    const work = trainStep(model, backend, now, batch, options);
    const coming = step + 1 < steps ? run.batch(step + 1) : undefined;
    const done = await orExplained(work);
    now = done.state;
    const last = step + 1 === steps;
    const spike = spikes.next(done.report.loss);
    const { bytes, tensors, reserved } = backend.memory();
    const samplesPerSecond = (config.batch * 1000) / (performance.now() - start);
    const hashed = last || (step + 1) % hashEvery === 0;
    const record: StepRecord = {
      step: step + 1,
      stage: stage.name,
      ...done.report,
      lr,
      ...(spike !== undefined && { spike }),
      samplesPerSecond,
      bytes,
      tensors,
      reserved,
      ...(hashed && { state: await orExplained(stateHash(now)) }),
    };
    log.append(record);
    run.onStep?.(record);
    await run.afterStep?.(record, now);
    await turn(); // lets Ctrl-C through
    const ends = last || run.shouldStop?.(record) === true;
    if (ends || (step + 1) % saveEvery === 0) {
      log.sync(); // it must reach the disk before the checkpoint that it belongs to
      await orExplained(saveCheckpoint(checkpointFile(folder), config, now));
      saved = step + 1;
    }
    if (ends) break;
    if (coming) batch = await coming;
  }
  return now;
}

/** Each stage has a warm-up and half a cosine of its own. */
const learningRate = ({ lr, lrEnd, steps, first }: Stage, warmup: number, step: number): number =>
  cosineSchedule(step - first, { from: lr, to: lrEnd, steps, warmup: Math.min(warmup, steps - 1) });

import { setImmediate as turn } from 'node:timers/promises';
import { seenPhrases } from '../../data/index.js';
import type { Backend } from '../../tensor/index.js';
import { checkpointFile, sweep } from '../keptCheckpoints.js';
import { MetricsLog } from '../metricsLog.js';
import { clipSeed } from '../seeds.js';
import { saveDistillerCheckpoint } from './distillerFiles.js';
import {
  type DistillerReport,
  type DistillerState,
  distillerStep,
  type DistillerTrainConfig,
  learningRate,
} from './distillerTraining.js';
import { type SceneBatch, sceneBatch } from './sceneBatch.js';

/** One line of metrics.jsonl. */
export interface DistillerRecord extends DistillerReport {
  /** steps taken, this one included */
  readonly step: number;
  readonly lr: number;
  /** scenes a second, over this step */
  readonly samplesPerSecond: number;
}

/** What a run works with. */
export interface DistillerRunParts {
  readonly backend: Backend;
  readonly config: DistillerTrainConfig;
  /** Where checkpoint.safetensors and metrics.jsonl go. Made if missing. */
  readonly folder: string;
  /** Steps between checkpoints; the last step always makes one. */
  readonly saveEvery: number;
  onStep?(record: DistillerRecord): void;
  /** Asked after each step; true ends the run there, with a checkpoint. */
  shouldStop?(record: DistillerRecord): boolean;
}

/**
 * Trains a distiller from where `state` is to the last step. A run that was stopped and went on from its checkpoint
 * ends in the same bits as one that was not: the scenes of a step follow from the seed and the step.
 *
 * @param state is freed; the result takes its place
 * @throws DivergenceError, InputError, DeviceError
 */
export async function distillerRun(
  { backend, config, folder, saveEvery, ...run }: DistillerRunParts,
  state: DistillerState,
): Promise<DistillerState> {
  const { seed, size, steps, batch: scenes } = config;
  const set = { seed: clipSeed(seed), size, combinations: 'seen' } as const;
  const batchOf = (step: number): SceneBatch => sceneBatch(set, step * scenes, scenes, seenPhrases);
  const log = new MetricsLog<DistillerRecord>(folder, state.adam.step);
  sweep(folder);
  let now = state;
  let batch = batchOf(now.adam.step);
  for (let step = now.adam.step; step < steps; step++) {
    const start = performance.now();
    const lr = learningRate(config, step);
    const work = distillerStep(backend, config, now, batch, seenPhrases);
    if (step + 1 < steps) batch = batchOf(step + 1); // while the device works
    const done = await work;
    now = done.state;
    const samplesPerSecond = (scenes * 1000) / (performance.now() - start);
    const record: DistillerRecord = { step: step + 1, ...done.report, lr, samplesPerSecond };
    log.append(record);
    run.onStep?.(record);
    await turn(); // lets Ctrl-C through
    const last = step + 1 === steps || run.shouldStop?.(record) === true;
    if (last || (step + 1) % saveEvery === 0) {
      log.sync();
      await saveDistillerCheckpoint(checkpointFile(folder), config, now);
    }
    if (last) break;
  }
  return now;
}

import { join } from 'node:path';
import { type Backend, DeviceError } from '../tensor/index.js';
import { writeFileAtomic } from './atomicFile.js';
import type { Batch } from './batch.js';
import { DivergenceError } from './divergenceError.js';
import { checkpointFile } from './keptCheckpoints.js';
import type { Model } from './model.js';
import { firstNonFinite, showNonFinite } from './nonFinite.js';
import type { TrainState } from './trainState.js';
import type { StepOptions } from './trainStep.js';

export const failureFile = (folder: string): string => join(folder, 'failure.json');

/** The step that failed, and the run that it belongs to. */
export interface FailedStep {
  readonly model: Model;
  readonly backend: Backend;
  /** Before the step. */
  readonly state: TrainState;
  readonly batch: Batch;
  readonly options: StepOptions;
  readonly folder: string;
  /** Steps taken at the last checkpoint; 0 if there is none. */
  readonly saved: number;
}

/**
 * The error of a step, with what its user needs to know. Where the loss is not finite, the step is repeated to find the
 * first tensor that is not; that, the settings of the step and how to repeat it go to failure.json. Where the device
 * failed, what is left is the last checkpoint.
 */
export async function explained(error: unknown, failed: FailedStep): Promise<unknown> {
  const { folder, saved, options } = failed;
  const checkpoint = saved > 0 ? { file: checkpointFile(folder), steps: saved } : undefined;
  const kept = checkpoint
    ? `${checkpoint.file} holds the first ${saved} steps, and --resume goes on from there`
    : 'there is no checkpoint yet';
  if (error instanceof DeviceError) return new DeviceError(`${error.message}; ${kept}`, { cause: error });
  if (!(error instanceof DivergenceError)) return error;
  // In half precision the step has come down to a loss scale of 1, or the scale has no part in it.
  const state = failed.state.lossScale
    ? { ...failed.state, lossScale: { scale: 1, steady: 0 } }
    : failed.state;
  const first = await firstNonFinite(failed.model, failed.backend, state, failed.batch, options);
  const found = first
    ? showNonFinite(first)
    : 'but all was finite when the step was repeated: the device does not repeat itself';
  const replay = checkpoint
    ? `seeclear train --out ${folder} --resume`
    : 'the command of this run, into another folder';
  const { step, report } = error;
  const { loss, gradNorm } = report;
  const about = {
    step,
    ...options,
    loss: String(loss),
    gradNorm: String(gradNorm),
    first,
    checkpoint,
    replay,
  };
  writeFileAtomic(failureFile(folder), new TextEncoder().encode(`${JSON.stringify(about, null, 2)}\n`));
  const where = `${found}; see ${failureFile(folder)}; ${kept}`;
  return new DivergenceError(step, report, where, { cause: error });
}

import { existsSync, readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import {
  metricsFile,
  readRecords,
  sampleFile,
  type StepRecord,
  validationFile,
  type ValidationRecord,
} from '../train/index.js';
import { spread } from './curves.js';
import { readRunFile, type RunFile } from './runFile.js';

/** Most pictures in a report. */
const SAMPLES = 12;

/** The picture of a validation. */
export interface Sample {
  readonly record: ValidationRecord;
  /** PNG */
  readonly bytes: Uint8Array;
}

/** All that a report is made of. */
export interface RunData extends RunFile {
  /** Name of the folder. */
  readonly name: string;
  readonly steps: readonly StepRecord[];
  readonly validations: readonly ValidationRecord[];
  /** Evenly spread over the validations. */
  readonly samples: readonly Sample[];
}

/** Reads what a run has written so far. @throws InputError if the folder is not that of a run */
export function readRun(folder: string): RunData {
  const validations = readRecords<ValidationRecord>(validationFile(folder));
  const pictures = spread(
    validations.filter(({ step }) => existsSync(sampleFile(folder, step))),
    SAMPLES,
  );
  return {
    ...readRunFile(folder),
    name: basename(resolve(folder)),
    steps: readRecords<StepRecord>(metricsFile(folder)),
    validations,
    samples: pictures.map((record) => ({ record, bytes: readFileSync(sampleFile(folder, record.step)) })),
  };
}

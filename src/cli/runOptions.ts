/** Options of every command that trains. */
import { hasCheckpoint, type Newest, newestCheckpoint } from '../train/index.js';
import { UsageError } from './errors.js';
import type { Io } from './io.js';
import type { Options, ValuesOf } from './options.js';
import { real } from './values.js';

export const runOptions = {
  out: { type: 'string', value: 'FOLDER', help: 'folder of the run; made if missing' },
  resume: { type: 'boolean', help: 'go on from the checkpoint in --out, with its settings' },
  minutes: {
    type: 'string',
    value: 'X',
    help: 'stop after this many minutes with a checkpoint to resume from',
  },
  f16: { type: 'boolean', help: 'store weights.safetensors in 16 bits' },
} as const satisfies Options;

/** Minutes that the run may take. @throws UsageError if the value is out of range */
export const minutesOf = ({ minutes }: ValuesOf<typeof runOptions>): number =>
  minutes === undefined ? Infinity : real('minutes', minutes, 0, 1e6);

/** @throws UsageError if the folder holds a run that could go on: a new one would take its place */
export function checkUnused(folder: string): void {
  if (hasCheckpoint(folder))
    throw new UsageError(
      `--out: ${folder} holds the checkpoint of a run; go on with it by --resume, or name another folder`,
    );
}

/** The checkpoint that a run goes on from; says so if that is not the last one. @throws as `newestCheckpoint` does */
export function lastCheckpoint<T>(folder: string, load: (path: string) => T, io: Io): Newest<T> {
  const newest = newestCheckpoint(folder, load);
  if (newest.damage !== undefined) io.err(`${newest.damage}; going on from ${newest.path}`);
  return newest;
}

/** @throws UsageError if settings are given that the checkpoint at `path` holds */
export function checkLeftOut(settings: readonly string[], given: ReadonlySet<string>, path: string): void {
  const again = settings.filter((name) => given.has(name));
  if (again.length > 0)
    throw new UsageError(`--resume takes its settings from ${path}; leave out --${again.join(', --')}`);
}

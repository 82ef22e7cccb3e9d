/** The checkpoints of a run: the last one, at `checkpointFile`, and the one before beside it. */
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isTemporary, syncFolder } from './atomicFile.js';
import { CheckpointError } from './checkpointError.js';

export const checkpointFile = (folder: string): string => join(folder, 'checkpoint.safetensors');

const named = (path: string, word: string): string => path.replace(/(\.safetensors)?$/, `.${word}$1`);

/** Where the checkpoint before the one at `path` is. */
export const previousCheckpoint = (path: string): string => named(path, 'previous');

/** Whether a run in this folder can go on. */
export const hasCheckpoint = (folder: string): boolean =>
  [checkpointFile(folder), previousCheckpoint(checkpointFile(folder))].some((path) => existsSync(path));

/** Makes the last checkpoint the one before: to be done when the next one is on the disk and only lacks its name. */
export function keepPrevious(path: string): void {
  if (!existsSync(path)) return;
  renameSync(path, previousCheckpoint(path));
  syncFolder(dirname(path));
}

/** The newest checkpoint that can be read. */
export interface Newest<T> {
  readonly checkpoint: T;
  readonly path: string;
  /** Why the last one was passed over, if it was. It has been moved out of the way. */
  readonly damage?: string;
}

/**
 * Reads the last checkpoint of a run, or the one before, if the last one is damaged or the run was killed between the
 * two renames that make it.
 *
 * @param load throws CheckpointError for a file that is missing or damaged
 * @throws CheckpointError if neither can be read: what is wrong with the last one
 */
export function newestCheckpoint<T>(folder: string, load: (path: string) => T): Newest<T> {
  const last = checkpointFile(folder);
  const previous = previousCheckpoint(last);
  try {
    return { checkpoint: load(last), path: last };
  } catch (error) {
    if (!(error instanceof CheckpointError) || !existsSync(previous)) throw error;
    const checkpoint = load(previous);
    if (!existsSync(last)) return { checkpoint, path: previous };
    const aside = named(last, 'damaged');
    renameSync(last, aside); // the next checkpoint would push the good one out for it
    return { checkpoint, path: previous, damage: `${error.message}; moved to ${aside}` };
  }
}

/** Deletes unfinished files that killed runs have left. */
export function sweep(folder: string): void {
  readdirSync(folder)
    .filter(isTemporary)
    .forEach((name) => {
      rmSync(join(folder, name), { force: true });
    });
}

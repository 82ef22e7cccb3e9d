import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { InputError } from '../data/index.js';

/** Whether this is the name of a file that was not whole yet when its process was killed. */
export const isTemporary = (name: string): boolean => /\.[0-9a-f-]{36}\.tmp$/.test(name);

/**
 * Writes a file that is there whole or not at all, also after a loss of power: the bytes go to a temporary
 * file beside it, which reaches the disk before it takes the name, and the folder after. Missing folders are
 * made.
 *
 * @param beforeNamed done when the bytes are on the disk and only lack their name
 * @throws InputError if the file cannot be written; nothing is left behind
 */
export function writeFileAtomic(path: string, bytes: Uint8Array, beforeNamed?: () => void): void {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    withFile(temporary, 'wx', (fd) => {
      for (let done = 0; done < bytes.length;) done += writeSync(fd, bytes, done);
      fsyncSync(fd);
    });
    beforeNamed?.();
    renameSync(temporary, path);
    syncFolder(dirname(path));
  } catch (error) {
    rmSync(temporary, { force: true });
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new InputError(
      `${path}: expected a place to write to, got ${code}; check folder, rights and free space`,
      {
        cause: error,
      },
    );
  }
}

/** Windows has no handle on a folder, and renames durably without. */
export function syncFolder(path: string): void {
  if (process.platform !== 'win32') withFile(path, 'r', fsyncSync);
}

function withFile(path: string, flags: string, use: (fd: number) => void): void {
  const fd = openSync(path, flags);
  try {
    use(fd);
  } finally {
    closeSync(fd);
  }
}

/** Files that commands write. Errors are one line and name the place. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { InputError } from '../data/index.js';

/** @throws InputError if the file cannot be written */
export const writeText = (path: string, text: string): void =>
  attempt(path, 'a file', () => writeFileSync(path, text));

/** The folder and those above it, if missing. @throws InputError if it cannot be made */
export const makeFolder = (path: string): void =>
  attempt(path, 'a folder', () => void mkdirSync(path, { recursive: true }));

function attempt(path: string, what: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    throw new InputError(
      `${path}: expected ${what} to write to, got ${(error as NodeJS.ErrnoException).code}; check path and rights`,
    );
  }
}

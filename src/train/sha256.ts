import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** SHA-256 in hex. */
export const sha256 = (bytes: Uint8Array | string): string =>
  createHash('sha256').update(bytes).digest('hex');

/** SHA-256 of a file that is there, in hex. */
export const sha256File = (path: string): string => sha256(readFileSync(path));

import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/** Calls by which our code changes files, and those that bring the changes to the disk. */
const calls = [
  'mkdirSync',
  'openSync',
  'writeSync',
  'fsyncSync',
  'closeSync',
  'renameSync',
  'rmSync',
  'appendFileSync',
] as const;

type Call = (typeof calls)[number];

/**
 * Runs `body` as if its process were killed at its k-th call that changes files: the call does not happen, or half of
 * it does where it writes, and no later one does, those that clean up included.
 *
 * @param k from 1; Infinity for a process that lives on
 * @returns the calls that happened, with what they were about if that is a path
 */
export async function killedAt(k: number, body: () => unknown): Promise<[Call, string?][]> {
  const happened: [Call, string?][] = [];
  const originals = Object.fromEntries(calls.map((name) => [name, fs[name]]));
  let count = 0;
  for (const name of calls)
    Object.assign(fs, {
      [name]: (...args: unknown[]): unknown => {
        const original = originals[name] as (...args: unknown[]) => unknown;
        if (++count === k && name === 'writeSync') {
          const [fd, bytes, offset] = args as [number, Uint8Array, number];
          original(fd, bytes, offset, Math.floor((bytes.length - offset) / 2));
        }
        if (count >= k) throw new Error('killed');
        const paths = args.filter((arg): arg is string => typeof arg === 'string');
        happened.push(paths.length > 0 ? [name, paths[name === 'renameSync' ? 1 : 0]] : [name]);
        return original(...args);
      },
    });
  syncBuiltinESMExports();
  try {
    await body();
  } catch (error) {
    if (count < k) throw error;
  } finally {
    Object.assign(fs, originals);
    syncBuiltinESMExports();
  }
  return happened;
}

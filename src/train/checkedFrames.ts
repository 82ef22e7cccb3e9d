import { basename } from 'node:path';
import { InputError, readClip, readPng } from '../data/index.js';
import { sha256, sha256File } from './sha256.js';

/** Frames of one video on disk, every one of them read once and found good. */
export interface CheckedFrames {
  readonly paths: readonly string[];
  /** Hash of all files and their names. */
  readonly digest: string;
  readonly width: number;
  readonly height: number;
}

/**
 * Reads every frame once, so that bad input is found before anything is written. Keeps none.
 *
 * @throws InputError for the first frame that cannot be read or differs in size, or for two of one name
 */
export function checkFrames(paths: readonly string[]): CheckedFrames {
  const first = readPng(paths[0]);
  const names = new Map<string, string>();
  for (const path of paths) {
    readClip([paths[0], path], (p) => (p === paths[0] ? first : readPng(p)));
    const name = frameName(path);
    if (names.has(name))
      throw new InputError(`${path}: its result would replace that of ${names.get(name)}; rename one`);
    names.set(name, path);
  }
  const digest = sha256(paths.map((path) => `${basename(path)} ${sha256File(path)}\n`).join(''));
  return { paths, digest, width: first.width, height: first.height };
}

/** The name of a frame in folders that belong to its video: that of its file, with the extension in small letters. */
export const frameName = (path: string): string => basename(path).replace(/\.png$/i, '.png');

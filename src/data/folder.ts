/** Clips as folders of numbered PNG frames. */
import { readdirSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import { InputError } from './errors.js';
import type { Image } from './image.js';
import { readPng } from './png.js';

const collator = new Intl.Collator('en', { numeric: true });

/**
 * The PNG frames of a folder in natural order: 2.png comes before 10.png. Hidden files are left out.
 *
 * @returns paths, at least one
 * @throws InputError if the folder is missing, is a file, or holds no PNG
 */
export function listFrames(folder: string): string[] {
  const frames = findFrames(folder);
  if (frames.length === 0)
    throw new InputError(
      `${folder}: expected a folder of PNG frames, got no *.png in it; check the path, or extract the frames first`,
    );
  return frames;
}

/** As `listFrames`, but there may be none. */
export const findFrames = (folder: string): string[] =>
  listFiles(folder).filter((path) => /\.png$/i.test(path));

/**
 * The files in a folder, in natural order, without hidden ones. There may be none.
 *
 * @throws InputError if the folder is missing or is a file
 */
export const listFiles = (folder: string): string[] => list(folder, (e) => !e.isDirectory());

/**
 * The folders in a folder, in natural order, without hidden ones. There may be none.
 *
 * @throws InputError if the folder is missing or is a file
 */
export const listFolders = (folder: string): string[] => list(folder, (e) => e.isDirectory());

/**
 * Reads frames of one size.
 *
 * @param read how a frame is read; a cache may stand in
 * @throws InputError if there are none, one cannot be read, or one differs in size from the first
 */
export function readClip(paths: readonly string[], read: (path: string) => Image = readPng): Image[] {
  if (paths.length === 0)
    throw new InputError('clip: expected at least one frame, got none; name a folder of PNG frames');
  const first = read(paths[0]);
  const size = ({ width, height }: Image): string => `${width} x ${height}`;
  return paths.map((path, i) => {
    const frame = i === 0 ? first : read(path);
    if (size(frame) !== size(first))
      throw new InputError(
        `${path}: expected ${size(first)} pixels as in ${paths[0]}, got ${size(frame)}; keep clips of different sizes in folders of their own`,
      );
    return frame;
  });
}

/** Numbers by value, letters by alphabet; names that only differ in leading zeros by code unit. */
function naturally(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : 1);
}

function list(folder: string, wanted: (entry: Dirent) => boolean): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((e) => !e.name.startsWith('.') && wanted(e))
      .map((e) => e.name)
      .sort(naturally)
      .map((name) => join(folder, name));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const got =
      { ENOENT: 'nothing of that name', ENOTDIR: 'a file' }[code ?? ''] ??
      `the error ${code ?? String(error)}`;
    throw new InputError(`${folder}: expected a folder, got ${got}; check the path`);
  }
}

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Image, InputError, listFrames, readClip } from '../data/index.js';
import { degraded, type Pair } from './evaluate.js';
import { SCALE } from './scale.js';

/** A video from files. */
export interface FolderPair extends Pair {
  /** The files of the LR frames, or of the HR frames that they are made from. */
  readonly paths: readonly string[];
}

/**
 * The video in a folder, to evaluate on: HR frames, which are degraded here; or two folders, `hr` and `lr_x4`,
 * with frames that belong together in order.
 *
 * @param most frames to take, from the first
 * @throws InputError if there are no frames, or the two do not fit each other
 */
export function folderPair(path: string, most = Infinity): FolderPair {
  const [hr, lr] = [join(path, 'hr'), join(path, 'lr_x4')];
  const list = (folder: string): string[] => listFrames(folder).slice(0, most);
  const read = (folder: string): Image[] => readClip(list(folder));
  if (!existsSync(hr) || !existsSync(lr)) {
    if (existsSync(path) && readdirSync(path).includes('lr_x4'))
      throw new InputError(
        `${path}: expected folders hr and lr_x4, got lr_x4 only; evaluation needs the HR frames`,
      );
    return { ...degraded(path, read(path)), paths: list(path) };
  }
  const pair: FolderPair = { name: path, hr: read(hr), lr: read(lr), paths: list(lr) };
  const [a, b] = [pair.hr[0], pair.lr[0]];
  if (pair.hr.length !== pair.lr.length || a.width !== SCALE * b.width || a.height !== SCALE * b.height)
    throw new InputError(
      `${path}: expected as many frames in hr as in lr_x4, four times as large, got ${pair.hr.length} of ${a.width} x ${a.height} and ${pair.lr.length} of ${b.width} x ${b.height}`,
    );
  return pair;
}

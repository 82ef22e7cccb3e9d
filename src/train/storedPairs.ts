import { join } from 'node:path';
import {
  type Image,
  InputError,
  readClip,
  recogniseDataset,
  type VideoFiles,
  videosOf,
} from '../data/index.js';
import { degraded, type Pair } from './evaluate.js';
import { SCALE } from './scale.js';

/** A video from files. */
export interface StoredPair extends Pair {
  /** The files of the LR frames, or of the HR frames that they are made from. */
  readonly paths: readonly string[];
}

/**
 * The videos to evaluate on that a path holds: the test split of a data set, with its LR frames or with those that BI
 * degradation makes here. Files are found now, frames are read by each function of the result.
 *
 * @param most frames to take of each, from the first
 * @throws InputError if there are no videos; each function if frames cannot be read, or HR and LR do not fit each other
 */
export function storedPairs(path: string, most = Infinity): (() => StoredPair)[] {
  const videos = videosOf(path, recogniseDataset(path), 'test');
  return videos.map((video) => () => load(join(path, video.name), video, most));
}

function load(name: string, { length, hr, lr }: VideoFiles, most: number): StoredPair {
  const all = Array.from({ length: Math.min(most, length) }, (_, i) => i);
  const large = readClip(all.map(hr));
  if (!lr) return { ...degraded(name, large), paths: all.map(hr) };
  const pair: StoredPair = { name, hr: large, lr: readClip(all.map(lr)), paths: all.map(lr) };
  checkScale(pair);
  return pair;
}

function checkScale({ name, hr: [large], lr: [small] }: Pair): void {
  const size = ({ width, height }: Image): string => `${width} x ${height}`;
  if (large.width !== SCALE * small.width || large.height !== SCALE * small.height)
    throw new InputError(
      `${name}: expected HR frames ${SCALE} times as large as LR frames, got ${size(large)} and ${size(small)}; evaluate on frames that belong together`,
    );
}

/** Where training clips come from. */
import { augmentClip } from './crop.js';
import { InputError } from './errors.js';
import { findFrames, listFolders, listFrames, readClip } from './folder.js';
import { FrameCache } from './frameCache.js';
import type { Image } from './image.js';
import { proceduralClip } from './procedural.js';
import { Random } from './random.js';

/**
 * An endless supply of high-resolution training clips, numbered from 0. A clip depends on the source, its
 * seed and the number alone: training can stop and go on, and workers need not talk to each other.
 */
export interface ClipSource {
  /** For logs. */
  readonly name: string;
  /**
   * @param index 0 … 2⁵³ − 1
   * @returns `frames` consecutive frames, each [size, size, 3]
   * @throws InputError if the source has no clip that long or that large
   */
  clip(index: number, frames: number, size: number): Image[];
}

/** Clips drawn by `proceduralClip`, none of them from a file. */
export function proceduralSource(seed: number): ClipSource {
  return {
    name: `procedural(seed=${seed})`,
    clip(index, frames, size) {
      const random = new Random(seed, index);
      const clipSeed = random.int(2 ** 21) * 2 ** 32 + random.int(2 ** 32);
      return proceduralClip({ seed: clipSeed, frames, width: size, height: size });
    },
  };
}

/**
 * Random crops of videos on disk, augmented. `path` is one video (a folder of PNG frames) or a folder of
 * such folders; every run of consecutive frames in any of them is equally likely. Names are read now,
 * frames when asked for; the order of folders and frames is natural, not the file system's.
 *
 * @param cacheBytes decoded frames that stay in memory, least recently used dropped first; 1 GiB
 * @throws InputError if there is no video in `path`, or both frames and folders of frames
 */
export function folderSource(path: string, seed: number, cacheBytes = 2 ** 30): ClipSource {
  const videos = listVideos(path);
  const cache = new FrameCache(cacheBytes);
  return {
    name: path,
    clip(index, frames, size) {
      const random = new Random(seed, index);
      const runs = videos.map((video) => Math.max(0, video.length - frames + 1));
      const total = runs.reduce((a, b) => a + b, 0);
      if (total === 0)
        throw new InputError(
          `${path}: expected a video of at least ${frames} frames, got ${Math.max(...videos.map((v) => v.length))} at most; train on shorter clips`,
        );
      let start = random.int(total);
      const v = runs.findIndex((n) => start < n || ((start -= n), false));
      const clip = readClip(videos[v].slice(start, start + frames), (frame) => cache.read(frame));
      return augmentClip(clip, size, random);
    },
  };
}

function listVideos(path: string): string[][] {
  const has = (folder: string): boolean => findFrames(folder).length > 0;
  const folders = listFolders(path).filter(has);
  if (folders.length === 0) return [listFrames(path)];
  if (has(path))
    throw new InputError(
      `${path}: expected frames or folders of frames, got both; move the loose frames to a folder of their own`,
    );
  return folders.map(listFrames);
}

import { cutOut, drawCut } from './crop.js';
import { InputError } from './errors.js';
import { readClip } from './folder.js';
import { FrameCache } from './frameCache.js';
import type { Image } from './image.js';
import { type PairSource, SCALE } from './pairSource.js';
import { readPng } from './png.js';
import { Random } from './random.js';
import { degrade } from './resize.js';
import type { VideoFiles } from './videoFiles.js';

/** How a source draws from videos. */
export interface VideoSourceOptions {
  readonly seed: number;
  /** Bytes of decoded frames that stay in memory, least recently used dropped first. */
  readonly cacheBytes: number;
  /**
   * HR frames are made this many times smaller first, by BI, which rids compressed videos of most of what compression
   * did to them; 1 takes them as they are. Not for videos with LR frames of their own.
   */
  readonly shrink: number;
}

/**
 * Random cuts of videos on disk, augmented. Every run of consecutive frames in any of them is equally likely, and so
 * is every place of the cut (of every multiple of 4 pixels where there are LR frames) and each of its eight symmetries.
 *
 * @param name for logs and errors
 * @param videos at least one
 * @throws InputError if `shrink` is not 1 and there are LR frames
 */
export function videoSource(
  name: string,
  videos: readonly VideoFiles[],
  { seed, cacheBytes, shrink }: VideoSourceOptions,
): PairSource {
  if (shrink !== 1 && videos.some(({ lr }) => lr))
    throw new InputError(`${name}: expected HR frames alone to shrink, got LR frames too; leave shrink out`);
  const load = shrink === 1 ? readPng : (path: string): Image => degrade(readPng(path), shrink);
  const cache = new FrameCache(cacheBytes, load);
  const read = (paths: readonly string[]): Image[] => readClip(paths, (path) => cache.read(path));
  return {
    name,
    pair(index, frames, size, least = frames) {
      const random = new Random(seed, index);
      const { video, order } = drawRun(name, videos, { frames, least }, random);
      const hr = read(order.map(video.hr));
      checkSize(video, hr[0], size);
      if (!video.lr) {
        const cut = drawCut(hr[0], size, random);
        const cutHr = hr.map((frame) => cutOut(frame, cut));
        return { hr: cutHr, lr: cutHr.map((frame) => degrade(frame, SCALE)) };
      }
      const lr = read(order.map(video.lr));
      checkScale(video, hr[0], lr[0]);
      const cut = drawCut(hr[0], size, random, SCALE);
      const small = { ...cut, x: cut.x / SCALE, y: cut.y / SCALE, size: cut.size / SCALE };
      return { hr: hr.map((frame) => cutOut(frame, cut)), lr: lr.map((frame) => cutOut(frame, small)) };
    },
  };
}

/**
 * Some consecutive frames of one of the videos. A video of n frames has n − frames + 1 such runs; one that is too short
 * is continued backwards to 2n frames and has 2n − frames + 1.
 *
 * @returns indices into the video, in order
 */
function drawRun(
  name: string,
  videos: readonly VideoFiles[],
  { frames, least }: { frames: number; least: number },
  random: Random,
): { video: VideoFiles; order: number[] } {
  const runs = videos.map(({ length: n }) => (n < least ? 0 : (n < frames ? 2 * n : n) - frames + 1));
  const total = runs.reduce((a, b) => a + b, 0);
  if (total === 0)
    throw new InputError(
      `${name}: expected a video of at least ${least} frames, got ${longest(videos)} at most; train on shorter clips`,
    );
  let start = random.int(total);
  const video = videos[runs.findIndex((n) => start < n || ((start -= n), false))];
  const last = video.length - 1;
  const order = Array.from({ length: frames }, (_, i) => start + i).map((i) =>
    i <= last ? i : 2 * last + 1 - i,
  );
  return { video, order };
}

const longest = (videos: readonly VideoFiles[]): number => videos.reduce((n, v) => Math.max(n, v.length), 0);

function checkSize({ hr }: VideoFiles, { width, height }: Image, size: number): void {
  if (width < size || height < size)
    throw new InputError(
      `${hr(0)}: expected frames of at least ${size} x ${size} pixels, got ${width} x ${height}; train on smaller crops or larger frames`,
    );
}

function checkScale({ hr, lr }: VideoFiles, large: Image, small: Image): void {
  const fits = (l: number, s: number): boolean => Math.floor(l / SCALE) === s;
  if (!fits(large.width, small.width) || !fits(large.height, small.height))
    throw new InputError(
      `${lr!(0)}: expected a frame ${SCALE} times smaller than ${hr(0)}, of ${large.width} x ${large.height}, got ${small.width} x ${small.height}; take LR frames that belong to it`,
    );
}

import type { Image } from '../data/index.js';
import { PROCEDURAL } from './clipSources.js';
import type { Pair } from './evaluate.js';
import { heldOutPair } from './heldOut.js';
import { crop } from './pad.js';
import { SCALE } from './scale.js';
import { storedPairs } from './storedPairs.js';

/** Clips that a run is validated on. */
export interface ValidationClips {
  /** 'procedural': clips that no training draws; or a data set, whose test split is taken; or a folder of videos, or one video */
  readonly source: string;
  /** Videos: the first ones. */
  readonly videos: number;
  /** Frames of each, from the first. */
  readonly frames: number;
  /** Largest side of the HR frames in pixels, a multiple of 4; of larger ones the middle is taken. */
  readonly size: number;
}

/** What validation reads. */
export const validationPaths = (clips?: ValidationClips): string[] =>
  clips === undefined || clips.source === PROCEDURAL ? [] : [clips.source];

/** @throws InputError if there is no video, or one cannot be read */
export function validationClips({ source, videos, frames, size }: ValidationClips): Pair[] {
  if (source === PROCEDURAL) return Array.from({ length: videos }, (_, i) => heldOutPair(i, frames, size));
  return storedPairs(source, frames)
    .slice(0, videos)
    .map((load) => middle(load(), size / SCALE));
}

/** @param size largest side of the LR frames that are left */
function middle({ name, hr, lr }: Pair, size: number): Pair {
  const [{ width: w, height: h }] = lr;
  const [width, height] = [Math.min(w, size), Math.min(h, size)];
  const [left, top] = [Math.floor((w - width) / 2), Math.floor((h - height) / 2)];
  const cut = (images: readonly Image[], scale: number): Image[] =>
    images.map((image) => crop(image, width * scale, height * scale, left * scale, top * scale));
  return { name, hr: cut(hr, SCALE), lr: cut(lr, 1) };
}

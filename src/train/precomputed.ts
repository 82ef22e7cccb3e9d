import { InputError, listFrames, readClip } from '../data/index.js';
import { checkFrames, frameName } from './checkedFrames.js';
import type { Enlarger } from './enlarger.js';
import { SCALE } from './scale.js';

/** Enlarged frames on disk. */
export interface Precomputed {
  readonly enlarge: Enlarger;
  /** Hash of all files and their names. */
  readonly digest: string;
}

/**
 * Ī^LR from a folder, which another program filled: SeeClear⋆ takes what a regression network for video such as VRT
 * or BasicVSR makes. Frames are found by their place in the video, and their names must be those of the LR frames.
 * Every one is read once here, and none is kept.
 *
 * @param folder PNG frames, four times as large as the LR frames
 * @param lr the LR frames' files, in order; more frames in the folder are an error
 * @param width of the LR frames in pixels
 * @param most frames to take from the folder, from the first
 * @throws InputError if number, names, order or size differ, or a frame cannot be read
 */
export function precomputed(
  folder: string,
  lr: readonly string[],
  width: number,
  height: number,
  most = Infinity,
): Precomputed {
  const paths = listFrames(folder).slice(0, most);
  if (paths.length !== lr.length)
    throw new InputError(
      `${folder}: expected an enlarged frame for each of the ${lr.length} LR frames, got ${paths.length}; enlarge all of them, and keep no others there`,
    );
  paths.forEach((path, i) => {
    const [got, wanted] = [path, lr[i]].map(frameName);
    if (got !== wanted)
      throw new InputError(
        `${folder}: expected frame ${i} to be named ${wanted} as in the LR video, got ${got}; rename it`,
      );
  });
  const { digest, ...size } = checkFrames(paths);
  const [w, h] = [width * SCALE, height * SCALE];
  if (size.width !== w || size.height !== h)
    throw new InputError(
      `${folder}: expected frames of ${w} x ${h}, ${SCALE} times the LR frames, got ${size.width} x ${size.height}; enlarge them by ${SCALE}`,
    );
  return { enlarge: (frames, first) => readClip(paths.slice(first, first + frames.length)), digest };
}

import { basename, join } from 'node:path';
import { InputError } from '../errors.js';
import { findFrames, listFolders, listFrames } from '../folder.js';
import { videoOf, type VideoFiles } from '../videoFiles.js';

/**
 * Folders of frames in a folder, a video each; those without a frame are left out.
 *
 * @param name of the folder within its data set
 */
export const videoFolders = (name: string, folder: string): VideoFiles[] =>
  listFolders(folder).flatMap((video) => {
    const frames = findFrames(video);
    return frames.length > 0 ? [videoOf(join(name, basename(video)), frames)] : [];
  });

/**
 * A video with LR frames, which belong to the HR frames by their order.
 *
 * @param lr the folder of the LR frames
 * @throws InputError if it has none, or another number of them
 */
export function withLr(video: VideoFiles, lr: string): VideoFiles {
  const low = listFrames(lr);
  if (low.length !== video.length)
    throw new InputError(
      `${lr}: expected ${video.length} LR frames, one for each of the HR frames of ${video.hr(0)} and after, got ${low.length}; copy the missing ones, or leave the LR folder out`,
    );
  return { ...video, lr: (i) => low[i] };
}

/**
 * As `videoFolders`, each with the LR frames in the folder of its name.
 *
 * @param lr folder of folders of LR frames; without it, none has LR frames
 * @throws InputError if one of them is missing or does not fit
 */
export const pairedFolders = (name: string, hr: string, lr: string | undefined): VideoFiles[] =>
  videoFolders(name, hr).map((video) =>
    lr === undefined ? video : withLr(video, join(lr, basename(video.name))),
  );

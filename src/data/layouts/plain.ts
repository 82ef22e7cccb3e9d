import { statSync } from 'node:fs';
import { basename } from 'node:path';
import type { Dataset } from '../dataset.js';
import { InputError } from '../errors.js';
import { findFrames, listFrames } from '../folder.js';
import { framesOf } from '../video/unpack.js';
import { findVideoFiles } from '../video/videoFile.js';
import { videoOf, type VideoFiles } from '../videoFiles.js';
import { videoFolders } from './paired.js';

/**
 * What has no layout of its own: a video file, a folder of PNG frames (one video), or a folder of such files and
 * folders. All videos belong to every split.
 *
 * @throws InputError if there is no video, both frames and folders of frames, or a video file that is not unpacked
 */
export function plain(path: string): Dataset {
  const videos = plainVideos(path);
  return { kind: 'videos', videos: () => videos };
}

function plainVideos(path: string): VideoFiles[] {
  if (statSync(path, { throwIfNoEntry: false })?.isFile()) return [videoOf('', framesOf(path))];
  const frames = findFrames(path);
  const videos = [
    ...videoFolders('', path),
    ...findVideoFiles(path).map((file) => videoOf(basename(file), framesOf(file))),
  ];
  if (frames.length > 0 && videos.length > 0)
    throw new InputError(
      `${path}: expected frames or folders of frames, got both; move the loose frames to a folder of their own`,
    );
  return videos.length > 0 ? videos : [videoOf('', listFrames(path))];
}

import type { Dataset, Split } from '../dataset.js';
import { InputError } from '../errors.js';
import type { VideoFiles } from '../videoFiles.js';
import { groundTruth } from './groundTruth.js';
import { pairs } from './pairs.js';
import { plain } from './plain.js';
import { reds } from './reds.js';
import { vimeo90k } from './vimeo90k.js';

const layouts = [reds, vimeo90k, groundTruth, pairs];

/**
 * Says what a path is: REDS, Vimeo-90K, Vid4 or REDS4, our own pairs of HR and LR, or plain videos. Only names of
 * folders and files are looked at. Video files must have been unpacked (`unpackVideos`).
 *
 * @param path a folder, or a video file
 * @throws InputError if it is none of these, or incomplete
 */
export function recogniseDataset(path: string): Dataset {
  for (const layout of layouts) {
    const found = layout(path);
    if (found) return found;
  }
  return plain(path);
}

/**
 * The videos of one split.
 *
 * @param path of the data set, for the error
 * @throws InputError if there are none
 */
export function videosOf(path: string, dataset: Dataset, split: Split): readonly VideoFiles[] {
  const videos = dataset.videos(split);
  if (videos.length === 0)
    throw new InputError(
      `${path}: expected ${dataset.kind} with a split '${split}', got none of its videos; name another data set, or the folder of the videos itself`,
    );
  return videos;
}

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Dataset, Layout } from '../dataset.js';
import { InputError } from '../errors.js';
import { findFrames, listFolders } from '../folder.js';
import { videoOf } from '../videoFiles.js';
import { pairedFolders, withLr } from './paired.js';

/**
 * HR frames in one folder, or folders of them, and LR frames likewise in another. All of them belong to every split.
 *
 * @throws InputError if the one has folders of frames and the other not, or they do not fit each other
 */
export function pairedDataset(hr: string, lr: string): Dataset {
  const frames = findFrames(hr);
  const one = frames.length > 0;
  if (one && listFolders(lr).length > 0)
    throw new InputError(
      `${lr}: expected LR frames, as there are HR frames in ${hr}, got folders; name the folder of this video`,
    );
  const videos = one ? [withLr(videoOf('', frames), lr)] : pairedFolders('', hr, lr);
  return { kind: 'pairs', videos: () => videos };
}

/** Our own layout of pairs: hr and lr_x4, of frames or of folders of frames. */
export const pairs: Layout = (folder) => {
  const [hr, lr] = [join(folder, 'hr'), join(folder, 'lr_x4')];
  if (!existsSync(lr)) return undefined;
  if (!existsSync(hr))
    throw new InputError(
      `${folder}: expected folders hr and lr_x4, got lr_x4 only; add the HR frames, or name lr_x4 itself`,
    );
  return pairedDataset(hr, lr);
};

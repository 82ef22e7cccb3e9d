import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Layout } from '../dataset.js';
import { pairedFolders } from './paired.js';
import { reds4 } from './reds.js';

const vid4 = ['calendar', 'city', 'foliage', 'walk'];

/**
 * Test sets as BasicSR and MMagic lay them out: Vid4 (Liu and Sun, 2011), and REDS4 by itself.
 *
 *   GT/calendar, city, foliage, walk/00000000.png …      Vid4
 *   BIx4/calendar/ …                                     its LR frames, if there
 *   GT/000, 011, 015, 020/ … and sharp_bicubic/000/ …    REDS4
 *
 * They have a test split only. Other degradations (BDx4) are not looked at.
 */
export const groundTruth: Layout = (folder) => {
  const hr = join(folder, 'GT');
  if (!existsSync(hr)) return undefined;
  const lr = [join(folder, 'BIx4'), join(folder, 'sharp_bicubic')].find((path) => existsSync(path));
  const clips = pairedFolders('GT', hr, lr);
  const are = (names: readonly string[]): boolean =>
    clips.length > 0 && clips.every(({ name }) => names.includes(basename(name)));
  return {
    kind: are(vid4) ? 'Vid4' : are(reds4) ? 'REDS4' : 'test set',
    videos: (split) => (split === 'test' ? clips : []),
  };
};

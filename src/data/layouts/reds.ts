import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Layout } from '../dataset.js';
import type { VideoFiles } from '../videoFiles.js';
import { pairedFolders } from './paired.js';

/**
 * The clips of train_sharp on which video super-resolution is compared since EDVR (Wang et al., 2019), and which are
 * therefore not trained on. SeeClear, section 4.1, reports them as REDS4.
 */
export const reds4 = ['000', '011', '015', '020'];

/**
 * REDS (Nah et al., 2019) as its archives unpack:
 *
 *   train_sharp/000 … 239/00000000.png … 00000099.png
 *   val_sharp/000 … 029/
 *   train_sharp_bicubic/X4/000/ …, val_sharp_bicubic/X4/000/ …      LR, if there
 *
 * also within folders train/ and val/. Splits: train, train_sharp without REDS4; val, val_sharp; test, REDS4.
 */
export const reds: Layout = (folder) => {
  const find = (part: 'train' | 'val', name: string): string | undefined =>
    [join(folder, name), join(folder, part, name)].find((path) => existsSync(path));
  const clips = (part: 'train' | 'val', chosen: (clip: string) => boolean): VideoFiles[] => {
    const sharp = find(part, `${part}_sharp`);
    if (sharp === undefined) return [];
    const bicubic = find(part, join(`${part}_sharp_bicubic`, 'X4'));
    return pairedFolders(`${part}_sharp`, sharp, bicubic).filter(({ name }) => chosen(basename(name)));
  };
  if (!find('train', 'train_sharp') && !find('val', 'val_sharp')) return undefined;
  return {
    kind: 'REDS',
    videos: (split) =>
      ({
        train: () => clips('train', (clip) => !reds4.includes(clip)),
        val: () => clips('val', () => true),
        test: () => clips('train', (clip) => reds4.includes(clip)),
      })[split](),
  };
};

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Layout } from '../dataset.js';
import { InputError } from '../errors.js';
import type { VideoFiles } from '../videoFiles.js';

/** Frames of a septuplet. */
const SEPTUPLET = 7;

const lists = { train: 'sep_trainlist.txt', test: 'sep_testlist.txt' };

/**
 * Vimeo-90K septuplets (Xue et al., 2019) as vimeo_septuplet.zip unpacks:
 *
 *   sequences/00001/0001/im1.png … im7.png
 *   sep_trainlist.txt, sep_testlist.txt      a line for each septuplet: 00001/0001
 *
 * or with GT in place of sequences, as MMagic renames it. LR frames, if there, are in BIx4 beside it (MMagic) or in
 * ../vimeo_septuplet_matlabLRx4/sequences (BasicSR). Splits are the lists; there is no val. The 91,701 septuplets are
 * not looked for on disk: one that is missing is found when it is read.
 */
export const vimeo90k: Layout = (folder) => {
  const hr = [join(folder, 'sequences'), join(folder, 'GT')].find((path) => existsSync(path));
  if (hr === undefined || !Object.values(lists).some((list) => existsSync(join(folder, list))))
    return undefined;
  const lr = [join(folder, 'BIx4'), join(folder, '..', 'vimeo_septuplet_matlabLRx4', 'sequences')].find(
    (path) => existsSync(path),
  );
  const septuplet = (name: string): VideoFiles => {
    const frame = (root: string) => (i: number) => join(root, name, `im${i + 1}.png`);
    return { name, length: SEPTUPLET, hr: frame(hr), ...(lr !== undefined && { lr: frame(lr) }) };
  };
  return {
    kind: 'Vimeo-90K',
    videos: (split) => (split === 'val' ? [] : readList(join(folder, lists[split])).map(septuplet)),
  };
};

function readList(path: string): string[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new InputError(`${path}: expected the list of a split of Vimeo-90K, got ${code}; copy it there`, {
      cause: error,
    });
  }
  const names = text.split(/\s+/).filter((line) => line !== '');
  const wrong = names.find((name) => !/^\d+\/\d+$/.test(name));
  if (wrong !== undefined)
    throw new InputError(`${path}: expected lines such as 00001/0001, got '${wrong}'; copy the list again`);
  return names;
}

import { join } from 'node:path';
import { writeFileAtomic } from '../train/index.js';
import { page } from './page.js';
import { readRun } from './runData.js';

/**
 * Writes report.html of a run from its files: one page that needs nothing else, whole or not at all.
 *
 * @returns its path
 * @throws InputError if the folder is not that of a run, or cannot be written
 */
export function writeReport(folder: string): string {
  const path = join(folder, 'report.html');
  writeFileAtomic(path, new TextEncoder().encode(page(readRun(folder))));
  return path;
}

import { type ClipSource, folderSource, proceduralSource } from '../data/index.js';
import { clipSeed } from './seeds.js';

/** The name of the source that needs no files. */
export const PROCEDURAL = 'procedural';

/**
 * The clips of a training run.
 *
 * @param data 'procedural', or a folder of videos as PNG frames
 * @param seed of the run
 * @param cacheBytes decoded frames kept in memory, for folders
 * @throws InputError if the folder holds no video
 */
export const trainingClips = (data: string, seed: number, cacheBytes?: number): ClipSource =>
  data === PROCEDURAL ? proceduralSource(clipSeed(seed)) : folderSource(data, clipSeed(seed), cacheBytes);

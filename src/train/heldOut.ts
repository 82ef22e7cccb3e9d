import { proceduralSource } from '../data/index.js';
import { degraded, type Pair } from './evaluate.js';
import { heldOutSeed } from './seeds.js';

/**
 * A procedural video that no training run has seen, whatever its seed (see seeds.ts), with its LR frames.
 *
 * @param index number of the video, from 0
 * @param size side of the HR frames in pixels
 */
export const heldOutPair = (index: number, frames: number, size: number): Pair =>
  degraded(`held-out procedural ${index}`, proceduralSource(heldOutSeed(0)).clip(index, frames, size));

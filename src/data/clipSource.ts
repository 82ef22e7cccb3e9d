import type { Image } from './image.js';
import { proceduralClip } from './procedural.js';
import { Random } from './random.js';

/**
 * An endless supply of high-resolution clips, numbered from 0. A clip depends on the source, its seed and the
 * number alone: training can stop and go on, and workers need not talk to each other.
 */
export interface ClipSource {
  /** For logs. */
  readonly name: string;
  /**
   * @param index 0 … 2⁵³ − 1
   * @returns `frames` consecutive frames, each [size, size, 3]
   */
  clip(index: number, frames: number, size: number): Image[];
}

/** Clips drawn by `proceduralClip`, none of them from a file. */
export function proceduralSource(seed: number): ClipSource {
  return {
    name: `procedural(seed=${seed})`,
    clip(index, frames, size) {
      const random = new Random(seed, index);
      const clipSeed = random.int(2 ** 21) * 2 ** 32 + random.int(2 ** 32);
      return proceduralClip({ seed: clipSeed, frames, width: size, height: size });
    },
  };
}

/** Where training clips come from: HR frames and the LR frames that belong to them. */
import type { ClipSource } from './clipSource.js';
import type { Image } from './image.js';
import { Random } from './random.js';
import { degrade } from './resize.js';

/** How many times larger HR frames are than LR frames, in both directions. */
export const SCALE = 4;

/** A clip of one video, twice. */
export interface ClipPair {
  /** each [size, size, 3] */
  readonly hr: readonly Image[];
  /** each [size/4, size/4, 3] */
  readonly lr: readonly Image[];
}

/** As a `ClipSource`, with LR frames: an endless supply in which a clip depends on its number alone. */
export interface PairSource {
  /** For logs. */
  readonly name: string;
  /**
   * @param index 0 … 2⁵³ − 1
   * @param frames consecutive frames of the clip
   * @param size side of the HR frames, a multiple of 4
   * @param least frames that a video must have to be drawn from, at least half of `frames`; all of them if left out.
   *   A video that has fewer than `frames` goes on backwards from its last frame: x_0 … x_n x_n … x_0
   * @throws InputError if the source has no clip that long or that large, or a file cannot be read
   */
  pair(index: number, frames: number, size: number, least?: number): ClipPair;
}

/** The clips of a source with what BI degradation makes of them. */
export const degradedSource = (source: ClipSource): PairSource => ({
  name: source.name,
  pair(index, frames, size) {
    const hr = source.clip(index, frames, size);
    return { hr, lr: hr.map((frame) => degrade(frame, SCALE)) };
  },
});

/** A source and how often it is drawn from, in proportion to the other weights. */
export interface Weighted {
  readonly source: PairSource;
  /** positive */
  readonly weight: number;
}

/**
 * Clip `index` of one of several sources, drawn by weight: source i with probability wᵢ / Σ w. The draw, too, depends on
 * seed and number alone.
 *
 * @param parts at least one
 * @throws RangeError if a weight is not positive
 */
export function mixedSource(parts: readonly Weighted[], seed: number): PairSource {
  const total = parts.reduce((sum, { weight }) => sum + weight, 0);
  if (!parts.every(({ weight }) => weight > 0 && Number.isFinite(total)))
    throw new RangeError(`mixedSource: expected positive weights, got ${parts.map((p) => p.weight).join()}`);
  if (parts.length === 1) return parts[0].source;
  return {
    name: parts.map(({ source, weight }) => `${weight} ${source.name}`).join(' + '),
    pair(index, ...rest) {
      let left = new Random(seed, index).uniform() * total;
      const chosen = parts.find(({ weight }) => (left -= weight) < 0) ?? parts[parts.length - 1];
      return chosen.source.pair(index, ...rest);
    },
  };
}

import { median } from './median.js';

/** Losses that a new one is compared with. */
const WINDOW = 100;
/** As few are enough. */
const LEAST = 20;
/** Deviations above the median that make a spike. */
export const SPIKE = 5;
/** MAD of a normal distribution times this is its standard deviation. */
const NORMAL = 1.4826;

/**
 * Finds losses far above those before them. With the median and the median absolute deviation of the last 100 losses,
 *
 *   z = (log L − median(log Lᵢ)) / (1.4826 MAD(log Lᵢ)),   a spike if z > 5
 *
 * Of logarithms, for the loss depends on timestep and clip by factors. Nothing is said before 20 losses are there. In
 * 3,257 sound steps of `tiny` with a single clip, where losses scatter most, z reached 2.7.
 */
export class LossSpikes {
  private readonly last: number[];

  /** @param losses of the steps before, in order; all > 0 */
  constructor(losses: readonly number[]) {
    this.last = losses.slice(-WINDOW).map(Math.log);
  }

  /** Takes in the loss of the next step. @returns its z if it is a spike */
  next(loss: number): number | undefined {
    const x = Math.log(loss);
    const center = median(this.last);
    const deviation = NORMAL * median(this.last.map((v) => Math.abs(v - center)));
    const z = (x - center) / deviation;
    const spike = this.last.length >= LEAST && z > SPIKE;
    this.last.push(x);
    if (this.last.length > WINDOW) this.last.shift();
    return spike ? z : undefined;
  }
}

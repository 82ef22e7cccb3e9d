import type { Image } from '../data/index.js';
import type { Clips } from './clips.js';

interface Sum {
  /** Σ w_c x_c, whole numbers */
  readonly values: Float32Array;
  /** Σ w_c */
  readonly weight: number;
}

/**
 * Joins the results of overlapping clips. A frame that several clips c have, is their mean, with weights that rise
 * linearly from the beginning of a clip and fall linearly to its end:
 *
 *   x = Σ_c w_c x_c / Σ_c w_c,   w_c = min(i + 1, m − i) for frame i of the m of clip c
 *
 * rounded to bytes, halves up. A frame of one clip stays as it is. What is held are the frames that a later clip will
 * have as well, fewer than m.
 */
export class CrossFade {
  private readonly sums = new Map<number, Sum>();

  constructor(private readonly clips: Clips) {}

  /**
   * Takes the results of the next clip.
   *
   * @param images of all its frames
   * @returns the frames that no later clip has, by their index in the video
   */
  add(clip: number, images: readonly Image[]): [frame: number, image: Image][] {
    const { first } = this.clips.range(clip);
    return images.flatMap(({ width, height, data }, i): [number, Image][] => {
      const frame = first + i;
      const own = Math.min(i + 1, this.clips.length - i);
      const before = this.sums.get(frame);
      const values = before?.values ?? new Float32Array(data.length);
      data.forEach((v, j) => (values[j] += own * v));
      const weight = own + (before?.weight ?? 0);
      if (this.clips.covering(frame).at(-1) !== clip) {
        this.sums.set(frame, { values, weight });
        return [];
      }
      this.sums.delete(frame);
      return [[frame, { width, height, data: Uint8Array.from(values, (v) => Math.floor(v / weight + 0.5)) }]];
    });
  }
}

/**
 * A video as clips of `length` frames. Each starts `length − overlap` frames after the one before, the last one may be
 * shorter, and a video of at most `length` frames is one clip.
 */
export class Clips {
  /** Number of clips. */
  readonly count: number;
  private readonly step: number;

  /**
   * @param frames of the video, at least 1
   * @param length frames of a clip, at least 1
   * @param overlap frames that a clip shares with the next one
   * @throws RangeError if clips would not get on
   */
  constructor(
    readonly frames: number,
    readonly length: number,
    readonly overlap: number,
  ) {
    if (frames > length && overlap >= length)
      throw new RangeError(
        `expected clips to share fewer frames than the ${length} that the network is given at once, got ${overlap}`,
      );
    this.step = frames > length ? length - overlap : length;
    this.count = frames > length ? Math.ceil((frames - overlap) / this.step) : 1;
  }

  /** The frames first … end − 1 of a clip. */
  range(clip: number): { first: number; end: number } {
    const first = clip * this.step;
    return { first, end: Math.min(first + this.length, this.frames) };
  }

  /** The clips that a frame is in, at least one, ascending. */
  covering(frame: number): number[] {
    const from = Math.max(0, Math.ceil((frame - this.length + 1) / this.step));
    const to = Math.min(this.count - 1, Math.floor(frame / this.step));
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  }
}

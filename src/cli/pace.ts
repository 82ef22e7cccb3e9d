/**
 * Estimates the time that is left from the parts that are done. What the first part took is not counted, for there
 * pipelines are compiled; later only the second half of the parts is, so that the estimate follows when their kind
 * changes, and is steady while it does not.
 */
export class Pace {
  /** When how much was done, from about the first half on. */
  private marks: (readonly [seconds: number, done: number])[] = [];

  /**
   * @param start in seconds of any clock
   * @param before how much was done then
   */
  constructor(
    private readonly start: number,
    private readonly before: number,
  ) {}

  /**
   * @param now in seconds of the same clock
   * @param done how much is done; more than the last time
   */
  mark(now: number, done: number): void {
    this.marks.push([now, done]);
    const half = (done + this.before) / 2;
    const old = this.marks.findIndex(([, then]) => then >= half);
    if (old > 0) this.marks.splice(0, old);
  }

  /** Seconds for one part; from the start while there is but one mark. @throws RangeError before the first mark */
  secondsPerPart(): number {
    const last = this.marks.at(-1);
    if (!last) throw new RangeError('Pace: expected a mark, got none');
    const [from, then] = this.marks.length > 1 ? this.marks[0] : [this.start, this.before];
    return (last[0] - from) / Math.max(last[1] - then, 1e-9);
  }
}

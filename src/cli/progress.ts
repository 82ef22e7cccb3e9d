import { showSeconds } from '../report/index.js';
import type { Io } from './io.js';
import { Pace } from './pace.js';

const clock = (): number => performance.now() / 1000;

/** Progress lines on standard error with the time left: one every two seconds at most, and the last. */
export class Progress {
  private readonly pace: Pace;
  private shown = -Infinity;

  /**
   * @param unit what is counted: frames, steps
   * @param total how many there are
   * @param before how many were there before this run and took none of its time
   */
  constructor(
    private readonly io: Io,
    private readonly unit: string,
    private readonly total: number,
    before = 0,
  ) {
    this.pace = new Pace(clock(), before);
  }

  /** @param done how many are done, `before` included; may be a fraction */
  show(done: number, more = ''): void {
    const now = clock();
    this.pace.mark(now, done);
    if (now - this.shown < 2 && done < this.total) return;
    this.shown = now;
    const left = showSeconds(this.pace.secondsPerPart() * (this.total - done));
    const count = Number.isInteger(done) ? String(done) : done.toFixed(1);
    this.io.err(`${count} of ${this.total} ${this.unit}, ${left} left${more}`);
  }
}

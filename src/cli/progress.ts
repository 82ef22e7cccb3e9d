import type { Io } from './io.js';

/** Seconds as people read them: 42 s, 3 min 05 s, 2 h 07 min. */
export function showSeconds(seconds: number): string {
  const s = Math.round(seconds);
  const two = (n: number): string => String(n).padStart(2, '0');
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${two(s % 60)} s`;
  return `${Math.floor(s / 3600)} h ${two(Math.floor((s % 3600) / 60))} min`;
}

/** Bytes as people read them, in MiB. */
export const showBytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

/** Progress lines on standard error with the time left: one every two seconds at most, and the last. */
export class Progress {
  private readonly start = performance.now();
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
    private readonly before = 0,
  ) {}

  /** @param done how many are done, `before` included; may be a fraction */
  show(done: number, more = ''): void {
    const now = performance.now();
    if (now - this.shown < 2000 && done < this.total) return;
    this.shown = now;
    const perPart = (now - this.start) / 1000 / Math.max(done - this.before, 1e-9);
    const left = showSeconds(perPart * (this.total - done));
    const count = Number.isInteger(done) ? String(done) : done.toFixed(1);
    this.io.err(`${count} of ${this.total} ${this.unit}, ${left} left${more}`);
  }
}

/** What the comparisons of the running test came to, so that `seeclear audit` can say how well an equation holds. */
export interface Tally {
  /** Cases of properties that fast-check tried. */
  cases: number;
  /** Numbers compared within an allowed error. */
  comparisons: number;
  /** The largest error, as a share of what was allowed. */
  share: number;
  /** The largest error, relative to the magnitude that the allowed one is proportional to. */
  error: number;
}

const fresh = (): Tally => ({ cases: 0, comparisons: 0, share: 0, error: 0 });

/** Of the test that runs. */
export let tally = fresh();

/** Starts anew, for the next test. */
export function resetTally(): void {
  tally = fresh();
}

/**
 * Counts one comparison. Where nothing is allowed, a share cannot be said, and an error fails the test anyway.
 *
 * @param magnitude what the allowed error is proportional to
 */
export function compared(difference: number, allowed: number, magnitude: number): void {
  const error = Math.abs(difference);
  tally.comparisons++;
  if (magnitude > 0) tally.error = Math.max(tally.error, error / magnitude);
  if (allowed > 0) tally.share = Math.max(tally.share, error / allowed);
}

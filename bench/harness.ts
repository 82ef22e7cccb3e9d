/** How long one repetition takes, in ms. */
export interface Timing {
  readonly median: number;
  readonly min: number;
  /** Interquartile range. */
  readonly spread: number;
  readonly runs: number;
  /** Repetitions in a run. */
  readonly repeats: number;
}

/** A run lasts about this long, in ms, so that starting it and waiting for it count little. */
const RUN = 20;
const MOST_REPEATS = 16;

/** What is slow is run less often: for about this long in all, in ms, but so many times at least. */
const BUDGET = 1500;
const LEAST_RUNS = 3;

/**
 * Times `run`, which does its work `repeats` times and resolves when all of it is done. Two runs warm up and are
 * not counted.
 *
 * @param runs that are counted
 */
export async function time(run: (repeats: number) => Promise<void>, runs = 15): Promise<Timing> {
  await run(1);
  const once = await milliseconds(() => run(1));
  const repeats = Math.max(1, Math.min(MOST_REPEATS, Math.ceil(RUN / once)));
  const samples: number[] = [];
  const end = performance.now() + BUDGET;
  while (samples.length < runs && (samples.length < LEAST_RUNS || performance.now() < end))
    samples.push((await milliseconds(() => run(repeats))) / repeats);
  const spread = quantile(samples, 0.75) - quantile(samples, 0.25);
  return { median: median(samples), min: Math.min(...samples), spread, runs: samples.length, repeats };
}

export async function milliseconds(run: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

/** The element at q of the way from the least to the greatest, 0 ≤ q ≤ 1. */
export function quantile(samples: readonly number[], q: number): number {
  return samples.toSorted((a, b) => a - b)[Math.round(q * (samples.length - 1))];
}

export const median = (samples: readonly number[]): number => quantile(samples, 0.5);

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

/**
 * Times `run`, which does its work `repeats` times and resolves when all of it is done. Two runs warm up and are
 * not counted.
 *
 * @param runs that are counted
 */
export async function time(run: (repeats: number) => Promise<void>, runs = 15): Promise<Timing> {
  await run(1);
  const once = await milliseconds(() => run(1));
  const repeats = Math.min(MOST_REPEATS, Math.ceil(RUN / once));
  const samples: number[] = [];
  for (let i = 0; i < runs; i++) samples.push((await milliseconds(() => run(repeats))) / repeats);
  samples.sort((a, b) => a - b);
  const quantile = (q: number): number => samples[Math.round(q * (runs - 1))];
  const spread = quantile(0.75) - quantile(0.25);
  return { median: quantile(0.5), min: samples[0], spread, runs, repeats };
}

export async function milliseconds(run: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

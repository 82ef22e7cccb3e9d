/** An interval of an axis with the values that are marked on it. */
export interface Range {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
}

/**
 * The least interval between round numbers that holds all values, with about five marks at 1, 2 or 5 times a
 * power of ten. A single value gets an interval around it.
 *
 * @throws RangeError if there is no finite value
 */
export function rangeOf(values: readonly number[]): Range {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) throw new RangeError('range: expected at least one finite value, got none');
  let [low, high] = [Math.min(...finite), Math.max(...finite)];
  if (high - low < 1e-12 * Math.max(1, Math.abs(high))) [low, high] = [low - 0.5, high + 0.5];
  const rough = (high - low) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5].find((k) => k * power >= rough) ?? 10) * power;
  const [first, last] = [Math.floor(low / step + 1e-9), Math.ceil(high / step - 1e-9)];
  const ticks = Array.from({ length: last - first + 1 }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  );
  return { low: ticks[0], high: ticks[ticks.length - 1], ticks };
}

/** Where a value stands on the interval: 0 at the low end, 1 at the high end. */
export const place = (value: number, { low, high }: Range): number => (value - low) / (high - low);

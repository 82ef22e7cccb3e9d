/** An interval of an axis with the values that are marked on it. */
export interface Range {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
  /** Equal ratios are equally long. */
  readonly logarithmic?: boolean;
}

/**
 * The least interval between round numbers that holds all values, with about five marks at 1, 2 or 5 times a
 * power of ten. A single value gets an interval around it.
 *
 * @throws RangeError if there is no finite value
 */
export function rangeOf(values: readonly number[]): Range {
  const finite = someOf(values, 'finite', Number.isFinite);
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

/** What is marked of each power of ten, if values extend over less than so many of them. */
const MANTISSAS = [
  { decades: 0.7, of: [1, 1.5, 2, 3, 4, 5, 7] },
  { decades: 2, of: [1, 2, 5] },
  { decades: Infinity, of: [1] },
] as const;

/**
 * The least logarithmic interval between round numbers that holds all positive values.
 *
 * @throws RangeError if there is none
 */
export function logRangeOf(values: readonly number[]): Range {
  const positive = someOf(values, 'positive', (v) => v > 0 && Number.isFinite(v));
  const [least, most] = [Math.min(...positive), Math.max(...positive)];
  const decades = Math.log10(most / least);
  const mantissas = MANTISSAS.find((row) => decades < row.decades)!.of;
  const [first, last] = [Math.floor(Math.log10(least)), Math.floor(Math.log10(most)) + 1];
  const every = Math.ceil((last - first) / 7);
  const powers = Array.from({ length: Math.ceil((last - first) / every) + 1 }, (_, i) => first + i * every);
  const marks = powers.flatMap((power) => mantissas.map((m) => Number(`${m}e${power}`)));
  const from = marks.findLastIndex((mark) => mark <= least * (1 + 1e-9));
  const to = marks.findIndex((mark, i) => i > from && mark >= most * (1 - 1e-9));
  const ticks = marks.slice(from, to + 1);
  return { low: ticks[0], high: ticks[ticks.length - 1], ticks, logarithmic: true };
}

function someOf(values: readonly number[], kind: string, wanted: (v: number) => boolean): number[] {
  const found = values.filter(wanted);
  if (found.length === 0) throw new RangeError(`range: expected at least one ${kind} value, got none`);
  return found;
}

/** Where a value stands on the interval: 0 at the low end, 1 at the high end; not finite if it cannot stand there. */
export const place = (value: number, { low, high, logarithmic }: Range): number =>
  logarithmic ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);

import { sameShape } from '../tensor/index.js';
import type { TraceRow } from './row.js';
import type { Trace } from './trace.js';

/** The first row in which two runs do not agree. */
export interface Parting {
  /** Number of the row, from 0. */
  readonly index: number;
  /** The rows; one is missing where its run had ended. */
  readonly rows: readonly [a: TraceRow | undefined, b: TraceRow | undefined];
  /** What differs, with its numbers. */
  readonly what: string;
}

/** Two runs beside each other. */
export interface Comparison {
  readonly parting: Parting | undefined;
  /** Rows that were compared, the one that parts included. */
  readonly compared: number;
  /** Largest deviation in rows that agree, in units of the row's largest magnitude. */
  readonly worst: number;
}

/**
 * Two runs, row by row, up to the first in which they part: another line, symbol, step or shape, or a number
 * (a sample, the least, the largest, the mean) with |a − b| > tolerance · scale, where scale is the largest
 * magnitude of the row in either run. With tolerance 0 the hashes must be equal as well.
 *
 * @param tolerance at least 0
 */
export function compareTraces(a: Trace, b: Trace, tolerance: number): Comparison {
  const length = Math.max(a.rows.length, b.rows.length);
  let worst = 0;
  for (let index = 0; index < length; index++) {
    const rows = [a.rows.at(index), b.rows.at(index)] as const;
    const { what, deviation } = compareRows(...rows, tolerance);
    if (what !== undefined) return { parting: { index, rows, what }, compared: index + 1, worst };
    worst = Math.max(worst, deviation);
  }
  return { parting: undefined, compared: length, worst };
}

function compareRows(
  a: TraceRow | undefined,
  b: TraceRow | undefined,
  tolerance: number,
): { what?: string; deviation: number } {
  if (!a || !b) return { what: `only one run goes on`, deviation: Infinity };
  if (a.t !== b.t || a.line !== b.line || a.symbol !== b.symbol)
    return { what: 'the runs are at different lines', deviation: Infinity };
  if (!sameShape(a.shape, b.shape)) return { what: 'the shapes differ', deviation: Infinity };
  const scale = Math.max(...[a, b].flatMap(({ min, max }) => [Math.abs(min), Math.abs(max)]));
  let deviation = 0;
  for (const [name, x, y] of numbersOf(a, b)) {
    const difference = Object.is(x, y) ? 0 : Math.abs(x - y);
    if (!(difference <= tolerance * scale))
      return {
        what: `${name}: ${x} and ${y}, ${(difference / scale).toExponential(1)} of the largest magnitude, ${tolerance} allowed`,
        deviation: Infinity,
      };
    if (difference > 0) deviation = Math.max(deviation, difference / scale);
  }
  if (tolerance === 0 && a.hash !== b.hash) return { what: 'the hashes differ', deviation: Infinity };
  return { deviation };
}

const numbersOf = (a: TraceRow, b: TraceRow): [name: string, a: number, b: number][] => [
  ['min', a.min, b.min],
  ['max', a.max, b.max],
  ['mean', a.mean, b.mean],
  ...a.samples.map((x, i): [string, number, number] => [`sample ${i}`, x, b.samples[i]]),
];

import { createHash } from 'node:crypto';
import type { Shape, Values } from '../tensor/index.js';

/** One tensor that a line of an algorithm made. */
export interface TraceRow {
  /** Step of the chain: T before the first step, 0 after the last. */
  readonly t: number;
  /** Number of the line in the paper. */
  readonly line: number;
  readonly symbol: string;
  readonly shape: Shape;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** SHA-256 of the elements' bytes, 16 hex digits: equal for equal bits only. */
  readonly hash: string;
  /**
   * The same of the elements rounded to 2⁻¹⁰ of the largest magnitude's power of two. It seldom changes with the
   * last digits, but it can: `compareTraces` decides.
   */
  readonly rounded: string;
  /** Bytes of the elements on the backend. */
  readonly bytes: number;
  /** Milliseconds since the row before. */
  readonly ms: number;
  /** The elements at `samplePositions`. */
  readonly samples: readonly number[];
}

/** Elements of a row that are kept to compare. */
const MOST_SAMPLES = 64;

/**
 * Which elements of a tensor are kept: all of a small one, else 64 spread by the golden ratio, so that they do
 * not fall into one row or column.
 */
export const samplePositions = (size: number): number[] =>
  size <= MOST_SAMPLES
    ? Array.from({ length: size }, (_, i) => i)
    : Array.from({ length: MOST_SAMPLES }, (_, i) =>
        Math.floor(((((i + 0.5) * (Math.sqrt(5) - 1)) / 2) % 1) * size),
      );

/** The numbers of a row. A NaN among the elements makes all three statistics NaN. */
export function rowOf(
  { t, line, symbol, shape, ms }: Pick<TraceRow, 't' | 'line' | 'symbol' | 'shape' | 'ms'>,
  values: Values,
): TraceRow {
  let [min, max, sum] = [Infinity, -Infinity, 0];
  for (const v of values) {
    min = Math.min(min, v);
    max = Math.max(max, v);
    sum += v;
  }
  const unit = 2 ** (Math.ceil(Math.log2(Math.max(-min, max))) - 10);
  const coarse = Int32Array.from(values, (v) => Math.round(v / unit));
  return {
    t,
    line,
    symbol,
    shape,
    min,
    max,
    mean: sum / values.length,
    hash: digest(values),
    rounded: digest(coarse),
    bytes: values.byteLength,
    ms,
    samples: samplePositions(values.length).map((i) => values[i]),
  };
}

const digest = ({ buffer, byteOffset, byteLength }: Values | Int32Array): string =>
  createHash('sha256')
    .update(new Uint8Array(buffer, byteOffset, byteLength))
    .digest('hex')
    .slice(0, 16);

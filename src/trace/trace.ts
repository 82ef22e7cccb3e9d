import { InputError } from '../data/index.js';
import type { TraceRow } from './row.js';

const FORMAT = 'seeclear trace 1';

/** One run, line by line. JSON has no NaN: numbers that are not finite are null there, and NaN when read. */
export interface Trace {
  readonly format: typeof FORMAT;
  /** The backend's description. */
  readonly device: string;
  /** Weights or preset, for people. */
  readonly model: string;
  readonly seed: number;
  readonly rows: readonly TraceRow[];
}

export const traceOf = (about: Omit<Trace, 'format'>): Trace => ({ format: FORMAT, ...about });

/**
 * A trace from the text of its file.
 *
 * @param path for messages
 * @throws InputError if the text is no trace of this version
 */
export function parseTrace(path: string, text: string): Trace {
  let parsed: Partial<Trace>;
  try {
    parsed = JSON.parse(text, (_, value: unknown) => (value === null ? NaN : value)) as Partial<Trace>;
  } catch (error) {
    throw new InputError(`${path}: expected a trace, got no JSON (${(error as Error).message})`);
  }
  if (parsed.format !== FORMAT || !Array.isArray(parsed.rows))
    throw new InputError(
      `${path}: expected a file of format '${FORMAT}', got '${parsed.format ?? 'none'}'; make it with seeclear trace -o`,
    );
  return parsed as Trace;
}

/** Texts of the command line as values. Each function throws UsageError with what was expected. */
import { UsageError } from './errors.js';

/** A whole number in low … high. */
export function integer(option: string, text: string, low: number, high = 2 ** 31 - 1): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < low || value > high)
    throw new UsageError(`--${option}: expected a whole number in ${low} ... ${high}, got '${text}'`);
  return value;
}

/** A whole number in low … high, a multiple of `step`. */
export function multiple(option: string, text: string, step: number, low: number, high: number): number {
  const value = integer(option, text, low, high);
  if (value % step !== 0) throw new UsageError(`--${option}: expected a multiple of ${step}, got ${value}`);
  return value;
}

/** A finite number in low … high. */
export function real(option: string, text: string, low: number, high: number): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= low && value <= high))
    throw new UsageError(`--${option}: expected a number in ${low} ... ${high}, got '${text}'`);
  return value;
}

/** One of a few names. */
export function oneOf<T extends string>(option: string, text: string, names: readonly T[]): T {
  const found = names.find((name) => name === text);
  if (found === undefined)
    throw new UsageError(`--${option}: expected one of ${names.join(', ')}, got '${text}'`);
  return found;
}

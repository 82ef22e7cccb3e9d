/** Draws from ranges and lists. */
import type { Random } from '../random.js';

/** Where a number is drawn from. */
export type Range = readonly [low: number, high: number];

/** Uniform on [low, high). */
export const between = (random: Random, low: number, high: number): number =>
  low + (high - low) * random.uniform();

/** On [low, high), the lower part much likelier: density ∝ 1/√(x − low). */
export const mostlyLow = (random: Random, low: number, high: number): number =>
  low + (high - low) * random.uniform() ** 2;

/** True with probability p. */
export const chance = (random: Random, p: number): boolean => random.uniform() < p;

/** One of the items, with probabilities proportional to their weights. */
export function pickWeighted<T>(random: Random, items: readonly (readonly [weight: number, item: T])[]): T {
  let left = random.uniform() * items.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, item] of items) if ((left -= weight) < 0) return item;
  return items[items.length - 1][1];
}

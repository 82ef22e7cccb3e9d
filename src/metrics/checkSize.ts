import { type Image, InputError } from '../data/index.js';

/**
 * Holds a metric to pictures of one size.
 *
 * @throws InputError naming the metric and both sizes
 */
export function checkSize(metric: string, result: Image, truth: Image): void {
  if (result.width !== truth.width || result.height !== truth.height)
    throw new InputError(
      `${metric}: expected pictures of one size, got ${result.width} x ${result.height} and ${truth.width} x ${truth.height}; compare frames of the same clip and scale`,
    );
}

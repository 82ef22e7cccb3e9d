import { lincomb, type Tensor } from '../tensor/index.js';
import { type Diagonal, multiply } from './blockSpectrum.js';

/** Independent Gaussians, one per coefficient of a spectrum. */
export interface Gaussian {
  /** [n, c, h, w] */
  readonly mean: Tensor;
  /** One number for all coefficients, in which case the same holds for pixels, or one per block frequency. */
  readonly variance: number | Diagonal;
}

/**
 * mean + σ ε.
 *
 * @param noise ε, white, of variance 1 and of the shape of the mean
 */
export function sample({ mean, variance }: Gaussian, noise: Tensor): Tensor {
  if (typeof variance === 'number') return lincomb([1, mean], [Math.sqrt(variance), noise]);
  const sigma: Diagonal = { p: variance.p, values: variance.values.map(Math.sqrt) };
  return lincomb([1, mean], [1, multiply(noise, sigma)]);
}

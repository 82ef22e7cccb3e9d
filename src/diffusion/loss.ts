import { affine, lincomb, mean, sqrt, square, type Tensor } from '../tensor/index.js';

const EPSILON = 1e-3;

/**
 * Charbonnier loss of SeeClear, section 4.1: the absolute error, smooth at 0.
 *
 *   L = mean over elements of √((x − x̂)² + ε²),   ε = 10⁻³
 *
 * The paper prints the norm of a whole frame under one root; per element is how its baselines train
 * (docs/deviations.md, I7).
 *
 * @param x HR frames
 * @param xhat the denoiser's, of the same shape
 * @returns a scalar, [], at least ε
 * @setting SeeClear (loss)
 */
export const charbonnier = (x: Tensor, xhat: Tensor): Tensor =>
  mean(sqrt(affine(EPSILON ** 2, [1, square(lincomb([1, x], [-1, xhat]))])));

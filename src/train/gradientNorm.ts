import {
  affine,
  lincomb,
  pack,
  reciprocal,
  relu,
  scale,
  sqrt,
  square,
  sum,
  type Tensor,
} from '../tensor/index.js';

/**
 * The norm of a gradient that is given in pieces, one for each parameter, as a scalar:
 *
 *   ‖g‖ = √(Σᵢ Σⱼ gᵢⱼ²)
 *
 * The pieces may have any shapes. Nothing is recorded.
 */
export const gradientNorm = (grads: readonly Tensor[]): Tensor =>
  sqrt(
    pack(grads)
      .map((block) => sum(square(block)))
      .reduce((a, b) => lincomb([1, a], [1, b])),
  );

/** What a gradient of a norm is multiplied by, so that it becomes at most c: min(1, c / norm) = c / (c + relu(norm − c)). */
export const clipScale = (norm: Tensor, c: number): Tensor =>
  scale(c, reciprocal(affine(c, [1, relu(affine(-c, [1, norm]))])));

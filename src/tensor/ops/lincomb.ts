import { lincomb as kernel } from '../../kernels/lincomb.js';
import { op, run } from '../op.js';
import type { Tensor } from '../tensor.js';

/** One term of a linear combination: coefficient and tensor. */
export type Term = readonly [coefficient: number, x: Tensor];

/** Σ cᵢ xᵢ, of one to four terms of one shape. ∂/∂xᵢ: cᵢ g. */
export const lincomb = (...terms: readonly Term[]): Tensor => affine(0, ...terms);

/** b + Σ cᵢ xᵢ, of one to four terms of one shape. ∂/∂xᵢ: cᵢ g. */
export const affine = (bias: number, ...terms: readonly Term[]): Tensor =>
  op(
    kernel,
    terms.map(([, x]) => x),
    { coefficients: terms.map(([c]) => c), bias },
    (g, _, wanted) => terms.map(([c], i) => (wanted[i] ? (c === 1 ? g : lincombOf([c, g])) : undefined)),
  );

/** c x. ∂/∂x: c g. */
export const scale = (c: number, x: Tensor): Tensor => lincomb([c, x]);

/** Σ cᵢ xᵢ without a record, for use inside vjps. */
export const lincombOf = (...terms: readonly Term[]): Tensor =>
  run(
    kernel,
    terms.map(([, x]) => x),
    { coefficients: terms.map(([c]) => c), bias: 0 },
  );

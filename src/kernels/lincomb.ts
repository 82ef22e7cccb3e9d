/**
 * Linear combination of one to four arrays of one shape, and a constant:
 *
 *   y = b + Σ_i c_i x_i
 *
 * Most of a sampler and of an optimiser is made of this; as one pass it reads each array once.
 */
import type { Kernel } from './kernel.js';
import { pointwise } from './pointwise.js';
import { sameShapes, ShapeError } from './shape.js';

export interface LincombParams {
  readonly coefficients: readonly number[];
  /** The constant b. */
  readonly bias: number;
}

const MOST = 4;

/** b + c₀ x₀ + … for a number of terms. */
const functions = Array.from({ length: MOST }, (_, last) => {
  const each = Array.from({ length: last + 1 }, (_x, i) => i);
  const parameters = [...each.map((i) => `x${i}: T`), 'b: f32', ...each.map((i) => `c${i}: f32`)];
  const sum = each.map((i) => `c${i} * x${i}`).join(' + ');
  const name = `lincomb${last + 1}`;
  return { name, wgsl: `fn ${name}(${parameters.join(', ')}) -> T { return b + ${sum}; }` };
});

export const lincomb: Kernel<LincombParams> = {
  name: 'lincomb',
  outShape(shapes, { coefficients }) {
    if (shapes.length !== coefficients.length || shapes.length === 0 || shapes.length > MOST)
      throw new ShapeError('lincomb', `1 to ${MOST} terms with a coefficient each`, ...shapes);
    return sameShapes('lincomb', shapes[0], ...shapes.slice(1));
  },
  ...pointwise(({ coefficients, bias }, terms) => ({
    ...functions[terms - 1],
    scalars: [bias, ...coefficients],
  })),
  reference: (xs, _, { coefficients, bias }) =>
    xs[0].map((_x, i) => xs.reduce((sum, x, k) => sum + coefficients[k] * x[i], bias)),
  // Each coefficient is rounded to f32, each product and each sum once more.
  roundings: (xs) => 2 + xs.length,
  errorScale: (xs, _, { coefficients, bias }) =>
    xs[0].map((_x, i) => xs.reduce((sum, x, k) => sum + Math.abs(coefficients[k] * x[i]), Math.abs(bias))),
};

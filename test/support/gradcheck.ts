import { expect } from 'chai';
import { grad, sizeOf, tensor, variable, type Tensor } from '../../src/tensor/index.js';
import { random, values } from './arbitraries.js';

/** Step of the central differences: truncation is of order h², rounding of order 10⁻¹⁶/h. */
const H = 1e-5;
const TOLERANCE = 1e-6;

/**
 * Checks the vjps in f against central differences along one random direction u, under a random cotangent g:
 * ⟨g, (f(x + hu) − f(x − hu)) / 2h⟩ must be ⟨grad, u⟩. To be run in float64, on the CPU backend.
 */
export async function gradcheck(f: (...xs: Tensor[]) => Tensor, xs: Tensor[], seed = 1): Promise<void> {
  const directions = xs.map((x, i) => nonzero(x, seed + i));
  const at = async (s: number): Promise<ArrayLike<number>> => {
    const moved = xs.map(async (x, i) => {
      const [values, u] = [await x.read(), await directions[i].read()];
      return tensor(
        x.backend,
        x.shape,
        values.map((v, j) => v + s * u[j]),
      );
    });
    return f(...(await Promise.all(moved))).read();
  };
  const vars = xs.map(variable);
  const y = f(...vars);
  const g = nonzero(y, seed + xs.length);
  const [cotangent, plus, minus] = [await g.read(), await at(H), await at(-H)];
  const terms = Array.from(cotangent, (v, i) => (v * (plus[i] - minus[i])) / (2 * H));
  const measured = terms.reduce((a, b) => a + b, 0);
  const magnitude = terms.reduce((a, b) => a + Math.abs(b), 0);

  const gradients = grad(y, vars, g);
  const products = gradients.map(async (gx, i) => inner(await gx.read(), await directions[i].read()));
  const taped = (await Promise.all(products)).reduce((a, b) => a + b, 0);
  expect(magnitude, 'the derivative along this direction').to.be.greaterThan(0);
  expect(taped).to.be.closeTo(measured, TOLERANCE * magnitude);
}

/** Random values of the shape of x, none of which hides what it multiplies. */
const nonzero = ({ backend, shape }: Tensor, seed: number): Tensor =>
  tensor(
    backend,
    shape,
    values(seed, sizeOf(shape)).map((v) => v || 1),
  );

/** Checks that the vjp of a linear f is its adjoint: ⟨f(x), g⟩ = ⟨x, fᵀ(g)⟩, for a random g. */
export async function expectAdjoint(f: (x: Tensor) => Tensor, x: Tensor, seed = 1): Promise<void> {
  const v = variable(x);
  const y = f(v);
  const g = random(y.backend, y.shape, seed);
  const [gx] = grad(y, [v], g);
  const [yv, gv, xv, gxv] = await Promise.all([y, g, x, gx].map((t) => t.read()));
  const magnitude = inner(yv.map(Math.abs), gv.map(Math.abs));
  expect(inner(xv, gxv)).to.be.closeTo(inner(yv, gv), 1e-12 * magnitude);
}

export const inner = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((sum, v, i) => sum + v * b[i], 0);

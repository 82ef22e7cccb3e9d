import {
  concat,
  leaves,
  lincomb,
  mapTree,
  randomNormal,
  scale,
  slice,
  withLeaves,
  type Backend,
  type Shape,
  type Tensor,
} from '../../../src/tensor/index.js';
import { gradcheck } from '../../support/gradcheck.js';

/** Gaussian values that depend on `seed` and `stream` alone. */
export const noise = (backend: Backend, shape: Shape, seed: number, stream = 0): Tensor =>
  randomNormal(backend, shape, { seed, stream });

/** Every parameter moved by N(0, deviation²), so that nothing is zero, equal, or the identity any more. */
export function perturbed<P extends object>(params: P, seed: number, deviation = 0.3): P {
  let stream = 1000;
  return mapTree(params, (leaf) =>
    lincomb([1, leaf], [deviation, noise(leaf.backend, leaf.shape, seed, stream++)]),
  );
}

/**
 * Checks the gradient of a module by its inputs and by all of its parameters.
 *
 * @param unit the numbers are handed to `gradcheck` in this unit, which makes its step as much smaller: a deep
 *   network bends too much for the step that suits a block
 */
export function checkModule<P extends object>(
  params: P,
  inputs: readonly Tensor[],
  forward: (params: P, ...inputs: Tensor[]) => Tensor,
  seed: number,
  unit = 1,
): Promise<void> {
  const start = [...inputs, ...leaves(params).map(([, leaf]) => leaf)].map((x) => scale(1 / unit, x));
  return gradcheck(
    (...scaled) => {
      const xs = scaled.map((x) => scale(unit, x));
      return forward(withLeaves(params, xs.slice(inputs.length)), ...xs.slice(0, inputs.length));
    },
    start,
    seed,
  );
}

/** The rows of axis 1 (of axis 0: frames) in another order. */
export function rows(x: Tensor, order: readonly number[], axis = 1): Tensor {
  const [first, ...rest] = order.map((i) => slice(x, axis, i, i + 1));
  return concat(axis, first, ...rest);
}

import { Random } from '../data/index.js';
import { lincomb, mapTree, sizeOf, tensor } from '../tensor/index.js';

/** Small enough to leave activations near 1, large enough to reach the output from everywhere. */
const DEVIATION = 0.1;

/**
 * Every parameter moved by N(0, 0.1²), drawn on the host: initial parameters have zeros, which would hide what
 * happens before them. The i-th leaf has stream i of the seed.
 */
export function perturbed<P extends object>(params: P, seed: number): P {
  let stream = 0;
  return mapTree(params, (leaf) => {
    const random = new Random(seed, stream++);
    const moves = Float64Array.from({ length: sizeOf(leaf.shape) }, () => random.normal());
    return lincomb([1, leaf], [DEVIATION, tensor(leaf.backend, leaf.shape, moves)]);
  });
}

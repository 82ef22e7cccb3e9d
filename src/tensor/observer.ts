import type { Tensor } from './tensor.js';

/**
 * Is shown tensors as an algorithm makes them. It may ask for their elements at once, and must not keep them: the
 * tensors end with their scope.
 *
 * @param line number of the line of the paper's algorithm
 * @param symbol what the line calls the tensor, with its index: `fhat_2`
 */
export type Observer = (line: number, symbol: string, x: Tensor) => void;

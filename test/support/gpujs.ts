/**
 * gpu.js: kernels as JavaScript functions of one output element, which the library translates from their text. So
 * they see their arguments, `this` and Math, and nothing else.
 */
import { GPU } from 'gpu.js';

/** What a kernel sees as `this`. */
export interface Thread<C> {
  /** index of the output element */
  readonly thread: { readonly x: number };
  readonly constants: C;
}

/** A kernel that is ready to run, on flat arrays. */
export type Compiled = (...inputs: ArrayLike<number>[]) => ArrayLike<number>;

/**
 * Compiles to plain JavaScript: float64 up to the result. Opens no device.
 *
 * @param size elements of the result
 */
export function compile<C extends Record<string, number>>(
  source: (this: Thread<C>, ...inputs: Float32Array[]) => number,
  constants: C,
  size: number,
): (...inputs: ArrayLike<number>[]) => Float32Array {
  const run = new GPU({ mode: 'cpu' }).createKernel(source.toString(), { constants, output: [size] });
  return (...inputs) => run(...inputs.map((x) => new Float32Array(x))) as Float32Array;
}

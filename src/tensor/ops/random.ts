import { random, type Distribution, type RandomAddress } from '../../kernels/random.js';
import type { Backend, Shape } from '../../kernels/index.js';
import { runOn } from '../op.js';
import type { Tensor } from '../tensor.js';

/** Where random numbers come from; `offset` is 0 if left out. */
export type RandomSource = Omit<RandomAddress, 'offset'> & Partial<Pick<RandomAddress, 'offset'>>;

const drawn =
  (distribution: Distribution) =>
  (backend: Backend, shape: Shape, { seed, stream, offset = 0 }: RandomSource): Tensor =>
    runOn(backend, random, { shape, distribution, seed, stream, offset });

/**
 * Uniform on [0, 1), in steps of 2⁻²⁴. Element i depends on (seed, stream, offset + i) only.
 *
 * @throws RangeError unless seed and stream are unsigned 32-bit integers and offset is an integer ≥ 0
 */
export const randomUniform = drawn('uniform');

/** N(0, 1). Element i depends on (seed, stream, offset + i) only. @throws RangeError as `randomUniform` does */
export const randomNormal = drawn('normal');

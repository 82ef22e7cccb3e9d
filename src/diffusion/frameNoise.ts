import { type Backend, concat, randomNormal, type Shape, type Tensor } from '../tensor/index.js';

const MOST_STEPS = 2 ** 12;
const MOST_FRAMES = 2 ** 20;

/**
 * Number of the random stream that makes the noise in state t of a frame.
 *
 * @param frame index of the frame in its video, 0 … 2²⁰ − 1
 * @param t step of the state, 0 … 2¹² − 1
 * @throws RangeError if either is outside
 */
export function noiseStream(frame: number, t: number): number {
  if (!Number.isInteger(frame) || frame < 0 || frame >= MOST_FRAMES)
    throw new RangeError(`frame index ${frame} is outside 0 … ${MOST_FRAMES - 1}`);
  if (!Number.isInteger(t) || t < 0 || t >= MOST_STEPS)
    throw new RangeError(`step t = ${t} is outside 0 … ${MOST_STEPS - 1}`);
  return frame * MOST_STEPS + t;
}

/**
 * White noise of variance 1 for state t of some frames. Each number depends on the seed, the frame, t and its
 * place in the frame only, so it does not matter which frames are sampled together.
 *
 * @param frames indices of the frames in their video, n of them
 * @param shape [n, c, h, w]
 */
export function frameNoise(
  backend: Backend,
  shape: Shape,
  frames: readonly number[],
  t: number,
  seed: number,
): Tensor {
  const alone = frames.map((frame) =>
    randomNormal(backend, [1, ...shape.slice(1)], { seed, stream: noiseStream(frame, t) }),
  );
  return concat(0, alone[0], ...alone.slice(1));
}

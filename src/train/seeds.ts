/**
 * How one seed feeds everything. A training seed is an unsigned 32-bit integer s. The streams that a run draws
 * from have seeds in intervals of their own, so that none meets another, and none of any run meets the clips
 * that models are judged on:
 *
 *   [0, 2³²)          clips of training run s
 *   [2³², 2·2³²)      timesteps
 *   [2·2³², 3·2³²)    noise of the forward process
 *   [3·2³², 4·2³²)    initial parameters
 *   [4·2³², 5·2³²)    held-out clips, for evaluation and demonstration; never used in training
 *   [5·2³², 6·2³²)    the source of each clip, where there are several
 */
import { Random } from '../data/index.js';

const SPAN = 2 ** 32;

/** Seed of the clips that a training run draws. */
export const clipSeed = (seed: number): number => checked(seed);

/** Seed of the clips that no training run draws. */
export const heldOutSeed = (seed: number): number => 4 * SPAN + checked(seed);

/** Seed of the choice between sources of clips. */
export const choiceSeed = (seed: number): number => 5 * SPAN + checked(seed);

/** Philox seed of the noise of a training run. */
export const noiseSeed = (seed: number): number => new Random(2 * SPAN + checked(seed)).int(SPAN);

/** Philox streams of the noise of a step: on its own clips, and on those before them. */
export const noiseStreams = (step: number): { own: number; previous: number } => ({
  own: 2 * step,
  previous: 2 * step + 1,
});

/** Philox seed of a run's initial parameters. */
export const initSeed = (seed: number): number => new Random(3 * SPAN + checked(seed)).int(SPAN);

/**
 * The timestep of a clip.
 *
 * @param index number of the clip in the run
 * @returns 1 … T, uniform
 */
export const timestep = (seed: number, index: number, T: number): number =>
  1 + new Random(SPAN + checked(seed), index).int(T);

function checked(seed: number): number {
  if (!Number.isInteger(seed) || seed < 0 || seed >= SPAN)
    throw new RangeError(`seed: expected an integer in 0 ... 2^32 - 1, got ${seed}`);
  return seed;
}

import { leaves, lincomb, pack, unpack, withLeaves } from '../tensor/index.js';

/**
 * One step of the exponential moving average of a tree of parameters, element by element:
 *
 *   a' = δ a + (1 − δ) p
 *
 * Needs a scope around it, as `adamStep` does.
 *
 * @param decay δ in 0 … 1
 */
export function ema<T extends object>(average: T, params: T, decay: number): T {
  const tensors = leaves(average).map(([, leaf]) => leaf);
  const now = pack(leaves(params).map(([, leaf]) => leaf));
  const next = pack(tensors).map((a, i) => lincomb([decay, a], [1 - decay, now[i]]));
  return withLeaves(average, unpack(next, tensors));
}

/**
 * The decay at a step: short at first, so that the average forgets the initial parameters,
 *
 *   δ_step = min(δ, (1 + step) / (10 + step))
 */
export const emaDecay = (step: number, decay: number): number => Math.min(decay, (1 + step) / (10 + step));

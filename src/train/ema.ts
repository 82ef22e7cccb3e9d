import { leaves, lincomb, withLeaves } from '../tensor/index.js';

/**
 * One step of the exponential moving average of a tree of parameters, leaf by leaf:
 *
 *   a' = δ a + (1 − δ) p
 *
 * @param decay δ in 0 … 1
 */
export function ema<T extends object>(average: T, params: T, decay: number): T {
  const now = leaves(params);
  return withLeaves(
    average,
    leaves(average).map(([, a], i) => lincomb([decay, a], [1 - decay, now[i][1]])),
  );
}

/**
 * The decay at a step: short at first, so that the average forgets the initial parameters,
 *
 *   δ_step = min(δ, (1 + step) / (10 + step))
 */
export const emaDecay = (step: number, decay: number): number => Math.min(decay, (1 + step) / (10 + step));

import { lincomb, type Tensor } from '../tensor/index.js';
import { type Diagonal, multiply } from './blockSpectrum.js';
import { blur } from './forward.js';
import type { Gaussian } from './gaussian.js';
import type { Schedule } from './schedule.js';

/**
 * One step back, from t to t − 1, as tables: a Gaussian whose mean combines the state with both ends of the
 * chain, coefficient by coefficient. Symbols as in forward.ts.
 *
 *   µ = a_t u_t + a_0 u_0 + a_l u_l
 */
export interface ReverseStep {
  /** a_t */
  readonly ut: Diagonal;
  /** a_0 */
  readonly u0: Diagonal;
  /** a_l */
  readonly ul: Diagonal;
  /** σ² */
  readonly variance: Diagonal;
}

/** The Gaussian of a step from u_t, given u_0 and u_l. */
export const applyStep = (step: ReverseStep, ut: Tensor, u0: Tensor, ul: Tensor): Gaussian => ({
  mean: lincomb([1, multiply(ut, step.ut)], [1, multiply(u0, step.u0)], [1, multiply(ul, step.ul)]),
  variance: step.variance,
});

/**
 * The step that lands on the next marginal and takes a share of the present deviation along:
 *
 *   µ = m_{t−1} + g (u_t − m_t),   m_t = (1 − η_t) D_t u_0 + η_t u_l
 *
 * It carries the marginal (29) of t to that of t − 1 if σ² = κ² (η_{t−1} − g² η_t).
 *
 * @param gain g
 * @param variance σ²
 * @param t 1 … T
 */
export function innovationStep(gain: number, variance: number, t: number, s: Schedule): ReverseStep {
  const { eta, p } = s;
  const [here, before] = [blur(t, s).values, blur(t - 1, s).values];
  const table = (f: (i: number) => number): Diagonal => ({ p, values: here.map((_, i) => f(i)) });
  return {
    ut: table(() => gain),
    u0: table((i) => (1 - eta[t - 1]) * before[i] - gain * (1 - eta[t]) * here[i]),
    ul: table(() => eta[t - 1] - gain * eta[t]),
    variance: table(() => variance),
  };
}

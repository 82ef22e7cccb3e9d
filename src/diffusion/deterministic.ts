import { innovationStep, type ReverseStep } from './reverseStep.js';
import { checkStep, type Schedule } from './schedule.js';

/**
 * The step without noise: all of the deviation from the marginal's mean is kept and rescaled, so that its
 * variance becomes that of t − 1. The counterpart of DDIM's for a chain with residual shift.
 *
 *   u_{t−1} = m_{t−1} + √(η_{t−1}/η_t) (u_t − m_t)
 *
 * @param t 1 … T. At t = 1 it ends at u_0
 * @throws RangeError if t is outside
 */
export function deterministicStep(t: number, s: Schedule): ReverseStep {
  checkStep(t, s, 1);
  return innovationStep(Math.sqrt(s.eta[t - 1] / s.eta[t]), 0, t, s);
}

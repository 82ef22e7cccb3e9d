import { blur, lambda } from './forward.js';
import type { ReverseStep } from './reverseStep.js';
import type { Schedule } from './schedule.js';

/**
 * The posterior as the paper has it: forms to compare with, not to use. With them a chain does not have the
 * marginals of (29); docs/errata.md says by how much. At t = 1 both end at u_0 without noise, as the exact forms
 * do.
 */
export const printedSteps = {
  /** (34) – (36) with the sign of E1 mended: Bayes' rule on (31) as printed, whose variance is E2's. */
  'sign-corrected': (t: number, s: Schedule): ReverseStep => printedStep(t, s, 1),
  /** (34) – (36) to the letter. */
  'as-printed': (t: number, s: Schedule): ReverseStep => printedStep(t, s, -1),
} as const;

/**
 *   µ  = (λη_{t−1} u_t + α_t (1 − η_{t−1}) D_{t−1} u_0 + (λ²η²_{t−1} − λη_{t−1}η_t ± α_tη_{t−1}) u_l) / (λ²η_{t−1} + α_t)
 *   σ² = κ² α_t η_{t−1} / (λ²η_{t−1} + α_t),   α_t = η_t − η_{t−1}
 *
 * Time is the schedule's: with τ_t = t, λ and D_{t−1} are (36) and (34) as printed, e^Λ and e^{Λ(t−1)}.
 *
 * @param sign of α_t η_{t−1} in the coefficient of u_l: −1 in the paper, +1 by Bayes' rule
 * @eq SeeClear (34)
 * @eq SeeClear (35)
 */
function printedStep(t: number, s: Schedule, sign: 1 | -1): ReverseStep {
  const l = lambda(t, s).values;
  const D = blur(t - 1, s).values;
  const { kappa, p } = s;
  const [eta, before] = [s.eta[t], s.eta[t - 1]];
  const alpha = eta - before;
  const over = (f: (l: number, D: number) => number): ReverseStep['ut'] => ({
    p,
    values: l.map((l, i) => f(l, D[i]) / (l * l * before + alpha)),
  });
  return {
    ut: over((l) => l * before),
    u0: over((_, D) => alpha * (1 - before) * D),
    ul: over((l) => l * l * before * before - l * before * eta + sign * alpha * before),
    variance: over(() => kappa ** 2 * alpha * before),
  };
}

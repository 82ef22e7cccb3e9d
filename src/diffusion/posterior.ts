import type { Tensor } from '../tensor/index.js';
import type { Diagonal } from './blockSpectrum.js';
import { blur, lambda, stepVariance } from './forward.js';
import type { Gaussian } from './gaussian.js';
import { printedSteps } from './printedPosterior.js';
import { applyStep, innovationStep, type ReverseStep } from './reverseStep.js';
import { checkStep, type Schedule } from './schedule.js';

/** Forms of q(u_{t−1} | u_t, u_0, u_l): the exact ones, and those of the paper. All end at u_0 without noise. */
export type PosteriorForm = keyof typeof posteriorSteps | keyof typeof printedSteps;

/** The tables of each exact form, for t = 1 … T. With these a chain has the marginals of (29). */
export const posteriorSteps = {
  /** Bayes' rule on (31) and (32): the deviation from the marginal's mean shrinks by λ_t in a step forward. */
  corrected: correctedStep,
  /** ResShift's posterior about the blurred means: there the deviation is kept whole in a step forward. */
  resshift: resshiftStep,
} as const satisfies Record<string, (t: number, s: Schedule) => ReverseStep>;

/**
 * Where the chain was one step before u_t, given both of its ends.
 *
 *   q(u_{t−1} | u_t, u_0, u_l) = N( µ, diag(σ²) )
 *
 * @param t 1 … T. At t = 1: µ = u_0, σ = 0
 * @throws RangeError if t is outside
 */
export const posterior = (
  ut: Tensor,
  u0: Tensor,
  ul: Tensor,
  t: number,
  s: Schedule,
  form: PosteriorForm = 'corrected',
): Gaussian => applyStep({ ...posteriorSteps, ...printedSteps }[form](t, s), ut, u0, ul);

/**
 * The posterior by Bayes' rule.
 *
 *   µ  = (λ_t η_{t−1}/η_t) u_t + (α̃_t/η_t)(1 − η_{t−1}) D_{t−1} u_0 + η_{t−1}(1 − λ_t) u_l
 *   σ² = κ² η_{t−1} α̃_t / η_t
 *
 * The paper has α_t for α̃_t; with α̃_t its denominators λ_t² η_{t−1} + α_t become η_t (docs/deviations.md,
 * E2). It prints −α_t η_{t−1} in the coefficient of u_l, where Bayes' rule has + (E1). `printedSteps` has those.
 *
 * (30) is Bayes' rule, whose second factor is (32), the marginal of t − 1; (33) completes the square.
 *
 * @eq SeeClear (30)
 * @eq SeeClear (33)
 * @eq SeeClear (34)
 * @eq SeeClear (35)
 */
function correctedStep(t: number, s: Schedule): ReverseStep {
  const { eta, kappa, p } = s;
  const l = lambda(t, s).values;
  const alpha = stepVariance(t, s).values;
  const D = blur(t - 1, s).values;
  const table = (f: (i: number) => number): Diagonal => ({ p, values: l.map((_, i) => f(i)) });
  return {
    ut: table((i) => (l[i] * eta[t - 1]) / eta[t]),
    u0: table((i) => (alpha[i] / eta[t]) * (1 - eta[t - 1]) * D[i]),
    ul: table((i) => eta[t - 1] * (1 - l[i])),
    variance: table((i) => (kappa ** 2 * eta[t - 1] * alpha[i]) / eta[t]),
  };
}

/**
 * ResShift's posterior (Yue et al., NeurIPS 2023, (7)) about the blurred means m_t of (29).
 *
 *   µ  = m_{t−1} + (η_{t−1}/η_t)(u_t − m_t)
 *   σ² = κ² η_{t−1} α_t / η_t,   α_t = η_t − η_{t−1}
 *
 * Without blur this is ResShift. `correctedStep` is not, even then: (27) puts u_{t−1} in the place of u_0, which
 * makes (28) shrink the noise of u_{t−1} by (1 − η_t)/(1 − η_{t−1}) along with its frames.
 */
function resshiftStep(t: number, s: Schedule): ReverseStep {
  checkStep(t, s, 1);
  const { eta, kappa } = s;
  const gain = eta[t - 1] / eta[t];
  return innovationStep(gain, kappa ** 2 * gain * (eta[t] - eta[t - 1]), t, s);
}

/**
 * Blurring ResShift, the forward process of SeeClear (Tang et al., NeurIPS 2024, section 3.1 and appendix A).
 *
 *   u_0, u_l, u_t   spectra of the HR frames, the upsampled LR frames and the state, [n, c, h, w]
 *   t               step; 0 is the clean frame, T the end of the chain
 *   η_t, τ_t, κ     see Schedule
 *   D_t             exp(Λ τ_t), the blur so far; Λ as in `diagonal`
 *   E, ε            identity matrix; white noise of variance 1
 */
import { lincomb, type Tensor } from '../tensor/index.js';
import { type Diagonal, diagonal, multiply } from './blockSpectrum.js';
import type { Gaussian } from './gaussian.js';
import { checkStep, type Schedule } from './schedule.js';

/**
 * Blur matrix of t steps: a heat equation inside each block, run for the time τ_t.
 *
 *   D_t = e^{Λ τ_t}
 *
 * The paper prints e^{Λt}; its time is the schedule's τ. D_0 is the identity, and frequency 0 is never touched.
 *
 * @param t 0 … T
 * @throws RangeError if t is outside
 * @eq SeeClear (22)
 */
export function blur(t: number, s: Schedule): Diagonal {
  checkStep(t, s, 0);
  return diagonal(s.p, (L) => Math.exp(L * s.tau[t]));
}

/**
 * The first half of the process: blur and noise, no shift yet.
 *
 *   q(u_t | u_0) = N( D_t u_0, κ² η_t E )
 *
 * The paper prints the variance η_t here and κ² η_t in (3); it is one process, with κ².
 *
 * @param t 0 … T
 * @throws RangeError if t is outside
 * @eq SeeClear (1)
 */
export function blurringMarginal(u0: Tensor, t: number, s: Schedule): Gaussian {
  return { mean: multiply(u0, blur(t, s)), variance: s.kappa ** 2 * s.eta[t] };
}

/**
 * What still separates the blurred HR frame from the LR frame.
 *
 *   e_t = u_l − D_t u_0
 *
 * @param blurred D_t u_0
 * @eq SeeClear (4)
 * @eq SeeClear (26)
 */
export const residual = (blurred: Tensor, ul: Tensor): Tensor => lincomb([1, ul], [-1, blurred]);

/**
 * Where the chain is after t steps.
 *
 *   q(u_t | u_0, u_l) = N( D_t u_0 + η_t e_t, κ² η_t E )
 *
 * The mean is (1 − η_t) D_t u_0 + η_t u_l. At t = 0: u_0, variance 0. Without blur, D_t = E, it is ResShift's (24);
 * at t − 1 it is (32).
 *
 * @param t 0 … T
 * @throws RangeError if t is outside
 * @eq SeeClear (3)
 * @eq SeeClear (24)
 * @eq SeeClear (29)
 * @eq SeeClear (32)
 */
export function marginal(u0: Tensor, ul: Tensor, t: number, s: Schedule): Gaussian {
  const { mean: blurred, variance } = blurringMarginal(u0, t, s);
  return { mean: lincomb([1, blurred], [s.eta[t], residual(blurred, ul)]), variance };
}

/**
 * What one step leaves of a coefficient.
 *
 *   λ_t = (1 − η_t)/(1 − η_{t−1}) · e^{Λ (τ_t − τ_{t−1})}
 *
 * The paper prints e^Λ, a step of unit time. Computed from the difference of times: under strong blur
 * D_t / D_{t−1} is 0/0. So is the estimate of u_0 from which the paper has it,
 *
 *   û_0 = (u_{t−1} − η_{t−1} u_l) / ((1 − η_{t−1}) D_{t−1}),
 *
 * which is never computed (docs/errata.md, E6). In (0, 1), except that it may underflow to 0.
 *
 * @param t 1 … T
 * @throws RangeError if t is outside
 * @eq SeeClear (27)
 * @eq SeeClear (36)
 */
export function lambda(t: number, s: Schedule): Diagonal {
  checkStep(t, s, 1);
  const { eta, tau, p } = s;
  return diagonal(p, (L) => ((1 - eta[t]) / (1 - eta[t - 1])) * Math.exp(L * (tau[t] - tau[t - 1])));
}

/**
 * Variance that one step adds, in units of κ².
 *
 *   α̃_t = η_t − λ_t² η_{t−1}
 *
 * The paper prints α_t = η_t − η_{t−1}, with which (31) does not carry (32) to (29); this is the one value
 * that does. α_t ≤ α̃_t ≤ η_t. See docs/deviations.md, E2.
 *
 * @param t 1 … T
 * @throws RangeError if t is outside
 */
export function stepVariance(t: number, s: Schedule): Diagonal {
  const { p, values } = lambda(t, s);
  return { p, values: values.map((l) => s.eta[t] - l * l * s.eta[t - 1]) };
}

/**
 * One step of the chain.
 *
 *   q(u_t | u_{t−1}, u_l) = N( λ_t (u_{t−1} − η_{t−1} u_l) + η_t u_l, κ² α̃_t )
 *
 * @param t 1 … T
 * @throws RangeError if t is outside
 * @eq SeeClear (28)
 * @eq SeeClear (31)
 */
export function transition(before: Tensor, ul: Tensor, t: number, s: Schedule): Gaussian {
  const kept = multiply(lincomb([1, before], [-s.eta[t - 1], ul]), lambda(t, s));
  const { p, values } = stepVariance(t, s);
  return {
    mean: lincomb([1, kept], [s.eta[t], ul]),
    variance: { p, values: values.map((v) => s.kappa ** 2 * v) },
  };
}

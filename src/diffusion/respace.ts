import type { Schedule } from './schedule.js';

/**
 * K of the T steps of a chain as a chain of its own, so that a denoiser of T steps can sample in K:
 *
 *   η'_k = η_{t_k},  τ'_k = τ_{t_k},  t_k = ⌈k T / K⌉,   k = 0 … K
 *
 * Its marginals (3) are those of the long chain at t_k, and its steps (31) are the long chain's, taken at once: λ and α̃
 * are of any two steps. The denoiser is told t_k. The rule is that of DDIM (Song et al., ICLR 2021, appendix D.2).
 *
 * @param K number of steps, 1 … T; T gives the same chain
 * @throws RangeError if K is outside
 */
export function respaced(s: Schedule, K: number): Schedule {
  const { T, eta, tau } = s;
  if (!Number.isInteger(K) || K < 1 || K > T)
    throw new RangeError(`the number of steps must be an integer in 1 … ${T}, got ${K}`);
  const steps = Array.from({ length: K + 1 }, (_, k) => Math.ceil((k * T) / K));
  return {
    ...s,
    T: K,
    eta: steps.map((t) => eta[t]),
    tau: steps.map((t) => tau[t]),
    timesteps: steps.map((t) => s.timesteps?.[t] ?? t),
  };
}

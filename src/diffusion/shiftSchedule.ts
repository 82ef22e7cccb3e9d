/** √η_T. Below 1, so that the end of the chain keeps a trace of the HR frame. */
const LAST = 0.99;
/** Below 1, it lets √η grow fast at first and slowly later. */
const POWER = 0.3;

/**
 * How much of the residual between LR and HR has been shifted after t steps:
 *
 *   √η_t = s₁ b₀^{β_t},   s₁ = min(m/κ, m),   b₀ = (0.99/s₁)^{1/(T−1)},   β_t = ((t−1)/(T−1))^0.3 (T−1)
 *
 * A geometric progression on a warped time axis; η_0 = 0, √η_1 = s₁, √η_T = 0.99. SeeClear (24) asks for the
 * two ends only; the law is that of ResShift (Yue et al., NeurIPS 2023, section 2.2).
 *
 * @param T number of steps, at least 2
 * @param kappa noise scale κ > 0
 * @param minNoise m > 0, the noise level of the first step; s₁ must stay below 0.99
 * @returns η_0 … η_T
 * @throws RangeError if a parameter is outside its range
 * @setting SeeClear (noise schedule)
 */
export function shiftSchedule(T: number, kappa: number, minNoise: number): number[] {
  if (!Number.isInteger(T) || T < 2) throw new RangeError(`T must be an integer of at least 2, got ${T}`);
  if (!(kappa > 0 && kappa < Infinity))
    throw new RangeError(`kappa must be positive and finite, got ${kappa}`);
  const s1 = Math.min(minNoise / kappa, minNoise);
  if (!(s1 > 0 && s1 < LAST))
    throw new RangeError(
      `min(m/kappa, m) must be between 0 and ${LAST}, got m = ${minNoise}, kappa = ${kappa}`,
    );
  const b0 = Math.exp(Math.log(LAST / s1) / (T - 1));
  const beta = (t: number): number => ((t - 1) / (T - 1)) ** POWER * (T - 1);
  return Array.from({ length: T + 1 }, (_, t) => (t === 0 ? 0 : (s1 * b0 ** beta(t)) ** 2));
}

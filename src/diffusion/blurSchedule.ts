/** Growth of the blur: geometric as in heat dissipation (IHDM), or sin² as in Relay Diffusion. */
export type BlurLaw = 'log' | 'sin2';

/** σ_{B,1} of the law `log`, in pixels. */
const FIRST = 0.5;

/** σ_{B,t} at fraction t/T, in pixels, for t ≥ 1. */
const laws: Record<BlurLaw, (t: number, T: number, sigmaMax: number) => number> = {
  log: (t, T, sigmaMax) => FIRST * (sigmaMax / FIRST) ** ((t - 1) / (T - 1)),
  sin2: (t, T, sigmaMax) => sigmaMax * Math.sin((Math.PI * t) / (2 * T)) ** 2,
};

/**
 * Dissipation times. A heat equation run for a time τ blurs by a Gaussian of variance σ_B² = 2τ (SeeClear,
 * after (22)), so
 *
 *   τ_t = σ²_{B,t} / 2,   τ_0 = 0
 *   log    σ_{B,t} = 0.5 (σ_max / 0.5)^{(t−1)/(T−1)}    Rissanen et al., ICLR 2023
 *   sin2   σ_{B,t} = σ_max sin²(πt / 2T)                Teng et al., ICLR 2024
 *
 * The time is continuous where the paper counts steps (docs/deviations.md, I2).
 *
 * @param T number of steps, at least 2
 * @param sigmaB2Max σ²_max in pixels²; 0 means no blur at all. The law `log` starts at σ_B = 0.5 and needs
 *   at least 0.25, or the blur would shrink with t
 * @returns τ_0 … τ_T in pixels², not decreasing
 * @throws RangeError if a parameter is outside its range
 * @setting SeeClear (blur schedule)
 */
export function blurSchedule(T: number, law: BlurLaw, sigmaB2Max: number): number[] {
  if (!Number.isInteger(T) || T < 2) throw new RangeError(`T must be an integer of at least 2, got ${T}`);
  if (!Object.hasOwn(laws, law)) throw new RangeError(`blur law must be log or sin2, got ${law}`);
  const least = law === 'log' ? FIRST ** 2 : 0;
  if (sigmaB2Max !== 0 && !(sigmaB2Max >= least && sigmaB2Max < Infinity))
    throw new RangeError(
      `sigmaB2Max must be 0, or finite and at least ${least} (law ${law}), got ${sigmaB2Max}`,
    );
  return Array.from({ length: T + 1 }, (_, t) =>
    t === 0 || sigmaB2Max === 0 ? 0 : laws[law](t, T, Math.sqrt(sigmaB2Max)) ** 2 / 2,
  );
}

import { dims, lincomb, mul, tensor, type Tensor } from '../tensor/index.js';
import { type Diagonal, multiply, toPixels, toSpectrum } from './blockSpectrum.js';
import { inputScale } from './denoiser.js';
import { blur } from './forward.js';
import { checkStep, type Schedule } from './schedule.js';

/**
 * A sample of the marginal for training, each item of the batch at its own step:
 *
 *   u_t = (1 − η_t) D_t u_0 + η_t u_l + κ √η_t ε
 *
 * Noise is white in pixels as in spectra, so it is added to the pixels, and u_l with it. What the frames go through
 * is the mean of (23), R diag(α_t) R⁻¹ I, with the inverse DCT for R and α_t = (1 − η_t) D_t.
 *
 * @param x0 HR frames [n, c, h, w] in [−1, 1]; h and w multiples of p
 * @param xl LR frames at HR size, likewise
 * @param t step of each item, n of them in 1 … T; the frames of a clip share one
 * @param noise ε in pixels, white, of variance 1, [n, c, h, w]
 * @returns `state`, pixels of state t [n, c, h, w]; `scale` [n, 1, 1, 1], the denoiser's input is scale · state
 * @throws RangeError if a step is outside 1 … T
 * @throws ShapeError if the number of steps is not n
 * @eq SeeClear (23)
 * @eq SeeClear (25)
 */
export function trainingState(
  x0: Tensor,
  xl: Tensor,
  t: readonly number[],
  s: Schedule,
  noise: Tensor,
): { state: Tensor; scale: Tensor } {
  const { eta, kappa, p } = s;
  dims('trainingState: x0', x0.shape, 'n c h w', { n: t.length });
  const perItem = (f: (t: number) => number): Tensor => tensor(x0.backend, [t.length, 1, 1, 1], t.map(f));
  const kept = t.map((t): Diagonal => {
    checkStep(t, s, 1);
    return { p, values: blur(t, s).values.map((D) => (1 - eta[t]) * D) };
  });
  const blurred = toPixels(multiply(toSpectrum(x0, p), ...kept), p);
  const shifted = mul(
    xl,
    perItem((t) => eta[t]),
  );
  const noisy = mul(
    noise,
    perItem((t) => kappa * Math.sqrt(eta[t])),
  );
  return {
    state: lincomb([1, blurred], [1, shifted], [1, noisy]),
    scale: perItem((t) => inputScale(t, s)),
  };
}

/** What Appendix B says of its figure, measured. */
import { type Band, distance, meanOver, withNoise } from './powerSpectrum.js';
import type { ProcessName, Spectra } from './spectra.js';

/** One comparison: the claim is that the first process has less, or more, of something than the second. */
export interface Finding {
  readonly claim: string;
  /** What is measured, in dB, and in which band. */
  readonly measure: string;
  readonly t: number;
  readonly first: { readonly name: ProcessName; readonly value: number };
  readonly second: { readonly name: ProcessName; readonly value: number };
  /** `no difference` if it is less than 0.1 dB. */
  readonly verdict: 'holds' | 'does not hold' | 'no difference';
}

/** In dB. */
const LEAST_DIFFERENCE = 0.1;

/** Below and above what LR frames of a quarter of the size can carry. */
const low: Band = [0, 1 / 8];
const high: Band = [1 / 8, 1 / 2];

/**
 * The claims, at the step of the spectra:
 *
 *   B1  "IHDM … has a significant difference in frequency distribution compared to the LR image, while the
 *       patch-level blurring is closer"
 *   B2  SeeClear is "more consistent with the LR in the low-frequency components" than ResShift without blur
 *   B3  and "introduces more randomness in the high-frequency components"
 */
export function spectrumFindings({ t, LR, means, noise }: Spectra): Finding[] {
  const noiseless = (name: ProcessName, band: Band): number => distance(means[name], LR, band);
  const noisy = (name: ProcessName, band: Band): number =>
    distance(withNoise(means[name], noise[name]), LR, band);
  const signalToNoise = (name: ProcessName, band: Band): number =>
    meanOver(means[name], band, (i) => 10 * Math.log10(means[name].power[i] / noise[name]));
  const noisePower = (name: ProcessName): number => 10 * Math.log10(noise[name]);

  const row =
    (claim: string, sign: 1 | -1, first: ProcessName, second: ProcessName) =>
    (measure: string, f: (name: ProcessName, band: Band) => number, band: Band): Finding => {
      const [a, b] = [f(first, band), f(second, band)];
      const near = Math.abs(a - b) < LEAST_DIFFERENCE;
      const verdict = near ? 'no difference' : sign * (a - b) > 0 ? 'holds' : 'does not hold';
      return {
        claim,
        measure,
        t,
        first: { name: first, value: a },
        second: { name: second, value: b },
        verdict,
      };
    };
  const closer = row('B1 patch blur is closer to LR than IHDM', -1, 'patch blur', 'IHDM');
  const local = row('B1 and that is because it is local', -1, 'patch blur', 'IHDM, same σ²');
  const consistent = row('B2 SeeClear is closer to LR than ResShift', -1, 'SeeClear', 'ResShift');
  const lessSignal = row('B3 SeeClear is more random than ResShift', -1, 'SeeClear', 'ResShift');
  const moreNoise = row('B3 SeeClear is more random than ResShift', 1, 'SeeClear', 'ResShift');
  return [
    closer('distance, low', noiseless, low),
    closer('distance, high', noiseless, high),
    local('distance, low', noiseless, low),
    local('distance, high', noiseless, high),
    consistent('distance, low', noisy, low),
    consistent('distance of means, low', noiseless, low),
    lessSignal('signal to noise, high', signalToNoise, high),
    moreNoise('noise, high', noisePower, high),
  ];
}

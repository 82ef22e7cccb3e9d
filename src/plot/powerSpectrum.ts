import { toSpectrum } from '../diffusion/index.js';
import { dims, type Tensor } from '../tensor/index.js';

/** Mean power of a frame's coefficients by radial frequency. */
export interface PowerSpectrum {
  /** Centres of the bins, in cycles per pixel, up to 1/2. */
  readonly radius: readonly number[];
  /** Mean square of the coefficients in each bin. White noise of variance v has v everywhere. */
  readonly power: readonly number[];
}

const BINS = 32;

/**
 * Power spectral density by the orthonormal DCT-II of the whole frame, which has no jump at the borders as the
 * periodic Fourier transform does: coefficient (x, y) has √(x² + y²)/2n cycles per pixel. Mean over channels;
 * without the mean of the frame and without the corners beyond 1/2.
 *
 * @param frame [1, c, n, n]
 */
export async function powerSpectrum(frame: Tensor): Promise<PowerSpectrum> {
  const { h: n } = dims('powerSpectrum: frame', frame.shape, 'one c h w', { one: 1, h: frame.shape[3] });
  const sums = new Float64Array(BINS);
  const counts = new Float64Array(BINS);
  (await toSpectrum(frame, n).read()).forEach((u: number, i: number) => {
    const [y, x] = [Math.floor(i / n) % n, i % n];
    const bin = Math.floor((Math.hypot(x, y) / n) * BINS);
    if (bin >= BINS || (x === 0 && y === 0)) return;
    sums[bin] += u * u;
    counts[bin]++;
  });
  const bins = Array.from({ length: BINS }, (_, i) => i);
  return { radius: bins.map((i) => (i + 0.5) / (2 * BINS)), power: bins.map((i) => sums[i] / counts[i]) };
}

/** The expected spectrum once white noise is added. */
export const withNoise = ({ radius, power }: PowerSpectrum, variance: number): PowerSpectrum => ({
  radius,
  power: power.map((v) => v + variance),
});

/** Variance of rounding to 8 bits, for images in [−1, 1]: less than that no picture can show. */
export const ROUNDING_NOISE = (2 / 255) ** 2 / 12;

/** A band of radial frequencies, low ≤ radius < high, in cycles per pixel. */
export type Band = readonly [low: number, high: number];

/** 10 log₁₀ of the power. */
export const decibels = ({ power }: PowerSpectrum): number[] => power.map((v) => 10 * Math.log10(v));

/** Mean over the bins of a band of `f(bin)`. */
export function meanOver({ radius }: PowerSpectrum, [low, high]: Band, f: (bin: number) => number): number {
  const bins = radius.flatMap((r, i) => (r >= low && r < high ? [i] : []));
  return bins.reduce((sum, i) => sum + f(i), 0) / bins.length;
}

/** Mean absolute difference of two spectra over a band, in dB. */
export function distance(a: PowerSpectrum, b: PowerSpectrum, band: Band): number {
  const [x, y] = [decibels(a), decibels(b)];
  return meanOver(a, band, (i) => Math.abs(x[i] - y[i]));
}

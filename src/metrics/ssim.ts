import { type Image, InputError } from '../data/index.js';
import { checkSize } from './checkSize.js';
import { type Channel, planes } from './luma.js';

const SIZE = 11;
const SIGMA = 1.5;
const C1 = (0.01 * 255) ** 2;
const C2 = (0.03 * 255) ** 2;

/** SSIM's window along one axis: exp(−x² / 2σ²) for x = −5 … 5, σ = 1.5, adding up to 1. */
export function ssimWindow(): Float64Array {
  const g = Float64Array.from({ length: SIZE }, (_, i) => Math.exp(-((i - 5) ** 2) / (2 * SIGMA ** 2)));
  const sum = g.reduce((a, b) => a + b, 0);
  return g.map((v) => v / sum);
}

/**
 * Structural similarity (Wang, Bovik, Sheikh and Simoncelli, 2004, (13)) with the authors' settings:
 *
 *   SSIM = (2 μ_a μ_b + C₁)(2 σ_ab + C₂) / ((μ_a² + μ_b² + C₁)(σ_a² + σ_b² + C₂))
 *
 * with an 11 × 11 Gaussian window, σ = 1.5, K₁ = 0.01, K₂ = 0.03, L = 255, averaged over the windows that lie
 * inside the picture. The windows' variances are the plain weighted ones. 'rgb' is the mean of three channels.
 * Float64 throughout. 1 for identical pictures.
 *
 * @throws InputError if the sizes differ or a side is shorter than 11
 * @setting SeeClear (SSIM)
 */
export function ssim(result: Image, truth: Image, channel: Channel): number {
  checkSize('SSIM', result, truth);
  const { width, height } = truth;
  if (width < SIZE || height < SIZE)
    throw new InputError(
      `SSIM: expected pictures of at least ${SIZE} x ${SIZE} pixels, got ${width} x ${height}; leave SSIM out`,
    );
  const b = planes(truth, channel);
  const perChannel = planes(result, channel).map((a, c) => meanSsim(a, b[c], width));
  return perChannel.reduce((x, y) => x + y, 0) / perChannel.length;
}

/** Of two planes [h, w]. */
function meanSsim(a: Float64Array, b: Float64Array, width: number): number {
  const [muA, muB] = [blur(a, width), blur(b, width)];
  const [aa, bb, ab] = [product(a, a), product(b, b), product(a, b)].map((plane) => blur(plane, width));
  let sum = 0;
  for (let i = 0; i < muA.length; i++) {
    const mean2 = muA[i] * muB[i];
    const square = muA[i] * muA[i] + muB[i] * muB[i];
    const structure = (2 * (ab[i] - mean2) + C2) / (aa[i] + bb[i] - square + C2);
    sum += ((2 * mean2 + C1) / (square + C1)) * structure;
  }
  return sum / muA.length;
}

function product(a: Float64Array, b: Float64Array): Float64Array {
  const out = new Float64Array(a.length);
  for (let i = 0; i < out.length; i++) out[i] = a[i] * b[i];
  return out;
}

/** The windowed means of [h, w], wherever the window fits: [h − 10, w − 10]. */
function blur(plane: Float64Array, width: number): Float64Array {
  const g = ssimWindow();
  const height = plane.length / width;
  const [w, h] = [width - SIZE + 1, height - SIZE + 1];
  const rows = new Float64Array(height * w);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < w; x++) {
      let sum = 0;
      for (let k = 0; k < SIZE; k++) sum += g[k] * plane[y * width + x + k];
      rows[y * w + x] = sum;
    }
  const out = new Float64Array(h * w);
  for (let i = 0; i < out.length; i++) {
    let sum = 0;
    for (let k = 0; k < SIZE; k++) sum += g[k] * rows[i + k * w];
    out[i] = sum;
  }
  return out;
}

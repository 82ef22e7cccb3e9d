/**
 * What each form of the posterior does to samples, with oracles for a denoiser: the tables of docs/errata.md.
 *
 *     npx tsx scripts/errata.ts [--seed N] [--side N]
 *
 *   --seed   of the noise, and number of the held-out procedural video, default 0
 *   --side   of the HR frame in pixels, a multiple of 4, default 128
 *
 * Chains run on the CPU in float64, by the code that samples for users. Two oracles:
 *
 *   truth      returns x_0. Its chain should have the marginals of (29). Bias is how far the state's mean is off, root
 *              mean square, exact; noise is the state's deviation from its own mean over κ√η_t, measured.
 *   estimate   returns E[u_0 | u_t, u_l] for Gaussian residuals u_0 − u_l, which have the variances of this frame, one
 *              per block frequency, and exact marginals. It is the best denoiser there can be of that kind, and it
 *              believes the schedule about the noise; so it shows what a trained network meets.
 */
import { parseArgs } from 'node:util';
import { toPlanar, upscaleBicubic } from '../src/data/index.js';
import {
  applyStep,
  blur,
  defaultDiffusion,
  denoise,
  type Denoiser,
  type Diagonal,
  inputScale,
  makeSchedule,
  marginal,
  multiply,
  prior,
  residual,
  sample,
  sampleClip,
  type SamplingRule,
  samplingSteps,
  toPixels,
  toSpectrum,
} from '../src/diffusion/index.js';
import { CpuBackend, lincomb, randomNormal, scale, tensor, type Tensor } from '../src/tensor/index.js';
import { heldOutPair } from '../src/train/index.js';

const { values } = parseArgs({
  options: { seed: { type: 'string', default: '0' }, side: { type: 'string', default: '128' } },
});
const [seed, side] = [Number(values.seed), Number(values.side)];

const cpu = new CpuBackend();
const s = makeSchedule(defaultDiffusion);
const shape = [1, 3, side, side];
const { hr, lr } = heldOutPair(seed, 1, side);
const x0 = tensor(cpu, shape, toPlanar(hr[0]));
const xl = tensor(cpu, shape, toPlanar(upscaleBicubic(lr[0])));
const [u0, ul] = [toSpectrum(x0, s.p), toSpectrum(xl, s.p)];
const forms = ['corrected', 'resshift', 'sign-corrected', 'as-printed', 'deterministic'] as const;

/** Root mean square. */
async function rms(x: Tensor): Promise<number> {
  const v = Array.from(await x.read());
  return Math.sqrt(v.reduce((sum, v) => sum + v * v, 0) / v.length);
}

/** Mean square of the residual u_0 − u_l, per block frequency. */
async function residualVariance(): Promise<Float64Array> {
  const e = await residual(ul, u0).read();
  const total = new Float64Array(s.p ** 2);
  for (let i = 0; i < e.length; i++)
    total[(Math.floor(i / side) % s.p) * s.p + ((i % side) % s.p)] += e[i] ** 2;
  return total.map((v) => (v * s.p ** 2) / e.length);
}
const v = await residualVariance();

/**
 * With u_0 = u_l + e, e of variance v, the state is u_t = (1 − η) D (u_l + e) + η u_l + κ√η ε; so E[e | u_t] is
 * that innovation times v a / (v a² + κ² η), a = (1 − η) D.
 */
const estimate: Denoiser = (scaled, t) => {
  const { eta, kappa, p } = s;
  const a = blur(t, s).values.map((D) => (1 - eta[t]) * D);
  const gain: Diagonal = { p, values: a.map((a, i) => (v[i] * a) / (v[i] * a * a + kappa ** 2 * eta[t])) };
  const innovation = residual(
    marginal(ul, ul, t, s).mean,
    toSpectrum(scale(1 / inputScale(t, s), scaled), p),
  );
  return toPixels(lincomb([1, ul], [1, multiply(innovation, gain)]), p);
};

/** The chain given u_0, from the exact state of T: how far its mean, and its noise, are from (29) at some steps. */
async function givenTruth(rule: SamplingRule, steps: readonly number[]): Promise<number[]> {
  let mean = marginal(u0, ul, s.T, s).mean;
  let state = sample(prior(mean, s), randomNormal(cpu, shape, { seed, stream: s.T }));
  const found: number[] = [];
  for (let t = s.T; t > 1; t--) {
    const step = samplingSteps[rule](t, s);
    mean = applyStep(step, mean, u0, ul).mean;
    const noise = randomNormal(cpu, shape, { seed, stream: t - 1 });
    state = sample(applyStep(step, state, u0, ul), noise);
    if (steps.includes(t - 1)) {
      found.push(await rms(residual(marginal(u0, ul, t - 1, s).mean, mean)));
      found.push((await rms(residual(mean, state))) / (s.kappa * Math.sqrt(s.eta[t - 1])));
    }
  }
  return found;
}

/** PSNR in dB of frames in [−1, 1] against x_0, unrounded. */
const psnr = async (x: Tensor): Promise<number> => 20 * Math.log10(2 / (await rms(residual(x0, x))));

/** The mean of the results with `estimate`, but for clamping: all is linear, so it is the chain without noise. */
function meanResult(rule: SamplingRule): Tensor {
  let state = xl;
  for (let t = s.T; t > 1; t--) {
    const hat = toSpectrum(denoise(estimate, state, t, s), s.p);
    state = toPixels(applyStep(samplingSteps[rule](t, s), toSpectrum(state, s.p), hat, ul).mean, s.p);
  }
  return denoise(estimate, state, 1, s);
}

/** Result of the sampler with a denoiser. */
const run = async (denoiser: Denoiser, rule: SamplingRule): Promise<Tensor> =>
  (await sampleClip(denoiser, xl, [0], s, { seed, rule })).x0;

/** Noise over κ√η_t at some steps, given u_0, of a chain that starts with noise of deviation sigma. Exact. */
function fromPrior(rule: SamplingRule, sigma: number, steps: readonly number[]): number[] {
  const found: number[] = [];
  let variance: readonly number[] = new Array<number>(s.p ** 2).fill(sigma ** 2);
  for (let t = s.T; t > 1; t--) {
    const { ut, variance: own } = samplingSteps[rule](t, s);
    variance = variance.map((v, i) => ut.values[i] ** 2 * v + own.values[i]);
    if (steps.includes(t - 1))
      found.push(
        Math.sqrt(variance.reduce((a, b) => a + b, 0) / variance.length / (s.kappa ** 2 * s.eta[t - 1])),
      );
  }
  return found;
}

const row = (...cells: (string | number)[]): void =>
  console.log(`| ${cells.map((c) => (typeof c === 'number' ? c.toFixed(3) : c)).join(' | ')} |`);

row(
  'form',
  'bias, t = 7',
  'noise, t = 7',
  'bias, t = 1',
  'noise, t = 1',
  'truth: error',
  'estimate: bias',
  'spread',
  'PSNR, dB',
);
row(...new Array<string>(9).fill('---'));
const residualOf = await rms(residual(xl, x0));
for (const rule of forms) {
  const [mean, result] = [meanResult(rule), await run(estimate, rule)];
  row(
    rule,
    ...(await givenTruth(rule, [7, 1])),
    await rms(residual(x0, await run(() => x0, rule))),
    (await rms(residual(xl, mean))) / residualOf,
    (await rms(residual(mean, result))) / residualOf,
    await psnr(result),
  );
}
row('bicubic', '', '', '', '', '', '', '', await psnr(xl));

console.log();
row('noise of the start', 'corrected, t = 14', 't = 7', 'resshift, t = 14', 't = 7');
row('---', '---', '---', '---', '---');
for (const [name, sigma] of [
  ['line 2: 1', 1],
  ['(6): κ', s.kappa],
  ['ours: κ√η_T', s.kappa * Math.sqrt(s.eta[s.T])],
] as const)
  row(name, ...fromPrior('corrected', sigma, [14, 7]), ...fromPrior('resshift', sigma, [14, 7]));

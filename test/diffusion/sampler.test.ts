import { expect } from 'chai';
import fc from 'fast-check';
import {
  blur,
  defaultDiffusion,
  type Denoiser,
  frameNoise,
  inputScale,
  makeSchedule,
  marginal,
  multiply,
  prior,
  residual,
  denoisingStep,
  sample,
  sampleClip,
  type SamplerOptions,
  toPixels,
  toSpectrum,
} from '../../src/diffusion/index.js';
import {
  clamp,
  CpuBackend,
  free,
  full,
  lincomb,
  relu,
  scale,
  slice,
  tensor,
  type Tensor,
} from '../../src/tensor/index.js';
import { expectClose } from './close.js';
import { expectMoments } from './moments.js';
import { config, cpu, ends, setting, white } from './setting.js';

const rules = ['corrected', 'resshift', 'deterministic'] as const;
const rule = fc.constantFrom(...rules);
/** A denoiser that is wrong, but depends on what it gets, frame by frame. */
const crude: Denoiser = (state, t) => lincomb([0.4, relu(state)], [0.02 * t, state]);
const image = (shape: readonly number[], seed: number, stream = 0): Tensor =>
  clamp(scale(0.5, white(shape, seed, stream)), -1, 1);
const sampled = async (...args: Parameters<typeof sampleClip>): Promise<Tensor> =>
  (await sampleClip(...args)).x0;
const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

describe('SeeClear (6), (line 2): prior', () => {
  it('is the marginal (29) of the last step where no residual is left', () =>
    fc.assert(
      fc.asyncProperty(setting(1), async (setting) => {
        const { s } = setting;
        const [u0] = ends(setting);
        const ul = multiply(u0, blur(s.T, s));
        const start = prior(ul, s);
        const end = marginal(u0, ul, s.T, s);
        await expectClose(start.mean, end.mean);
        expect(start.variance).to.equal(end.variance);
      }),
      { numRuns: 30 },
    ));

  it('has a deviation of 1.98 by default', () => {
    const { variance } = prior(white([1, 1, 4, 4], 0), makeSchedule(defaultDiffusion));
    expect(Math.sqrt(variance as number)).to.be.closeTo(1.98, 1e-12);
  });
});

describe('SeeClear (5), (lines 5, 40–41): reverse chain', () => {
  it('returns what the denoiser says in the end, exactly, by every rule', () =>
    fc.assert(
      fc.asyncProperty(setting(1), rule, async ({ s, shape, seed }, rule) => {
        const x0 = image(shape, seed, 1);
        const x = await sampled(() => x0, image(shape, seed, 2), upTo(shape[0]), s, { seed, rule });
        await expectClose(x, x0, 0);
      }),
      { numRuns: 30 },
    ));

  for (const rule of rules) {
    it(`has the moments of (29) at every step, given u_0, within 5 standard errors: ${rule}`, async () => {
      const s = makeSchedule({ ...defaultDiffusion, T: 6 });
      const shape = [1, 3, 80, 80];
      const x0 = image(shape, 1);
      const [u0, ul] = [toSpectrum(x0, s.p), white(shape, 2)];
      let x = toPixels(sample(marginal(u0, ul, s.T, s), white(shape, 3, s.T)), s.p);
      for (let t = s.T; t >= 2; t--) {
        x = denoisingStep(
          () => x0,
          x,
          ul,
          t,
          s,
          rule,
          () => white(shape, 3, t - 1),
        );
        const { mean, variance } = marginal(u0, ul, t - 1, s);
        expectMoments(await residual(mean, toSpectrum(x, s.p)).read(), shape, s.p, variance as number);
      }
      await expectClose(
        denoisingStep(
          () => x0,
          x,
          ul,
          1,
          s,
          rule,
          () => expect.fail('noise at t = 1'),
        ),
        x0,
        0,
      );
    });
  }

  it('starts at the prior, and scales what the denoiser sees', async () => {
    const s = makeSchedule(defaultDiffusion);
    const shape = [2, 3, 4, 8];
    const upscaled = image(shape, 1);
    const seen: Promise<ArrayLike<number>>[] = [];
    const steps: number[] = [];
    const spy: Denoiser = (state, t) => {
      steps.push(t);
      seen.push(state.read());
      return upscaled;
    };
    await sampled(spy, upscaled, [7, 9], s, { seed: 5 });
    expect(steps).to.deep.equal([15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    const start = lincomb([1, upscaled], [1.98, frameNoise(cpu, shape, [7, 9], 15, 5)]);
    await expectClose(await seen[0], scale(inputScale(15, s), start));
  });

  it('clamps the denoiser’s frames to [−1, 1] before they enter the mean', async () => {
    const s = makeSchedule(defaultDiffusion);
    const shape = [1, 3, 4, 4];
    const run = (x: number): Promise<Tensor> => {
      const last: Denoiser = (state, t) => (t > 1 ? full(cpu, shape, x) : scale(0.1, state));
      return sampled(last, image(shape, 1), [0], s, { seed: 1 });
    };
    await expectClose(await run(5), await run(1), 0);
    await expectClose(await run(-5), await run(-1), 0);
    expect(await (await run(1)).read()).not.to.deep.equal(await (await run(-1)).read());
  });

  it('does not depend on which frames are sampled together, bit by bit', () =>
    fc.assert(
      fc.asyncProperty(setting(1), rule, fc.nat(1000), async ({ s, shape, seed }, rule, first) => {
        const three = [3, ...shape.slice(1)];
        const upscaled = image(three, seed);
        const frames = upTo(3).map((i) => first + i);
        const together = await (await sampled(crude, upscaled, frames, s, { seed, rule })).read();
        const alone = await Promise.all(
          frames.map(async (frame, i) => {
            const one = slice(upscaled, 0, i, i + 1);
            return [...(await (await sampled(crude, one, [frame], s, { seed, rule })).read())];
          }),
        );
        expect([...together]).to.deep.equal(alone.flat());
      }),
      { numRuns: 15 },
    ));

  it('depends on the seed and on the place of a frame in its video', async () => {
    const s = makeSchedule(defaultDiffusion);
    const run = async (frame: number, seed: number): Promise<ArrayLike<number>> =>
      (await sampled(crude, image([1, 3, 4, 4], 1), [frame], s, { seed })).read();
    expect(await run(0, 1)).to.deep.equal(await run(0, 1));
    expect(await run(0, 1)).not.to.deep.equal(await run(1, 1));
    expect(await run(0, 1)).not.to.deep.equal(await run(0, 2));
  });

  it('is ResShift’s without blur, by the rule `resshift`', () =>
    fc.assert(
      fc.asyncProperty(
        setting(
          1,
          config.map((c) => ({ ...c, sigmaB2Max: 0 })),
        ),
        async ({ s, shape, seed }) => {
          const { T, eta, kappa } = s;
          const [frames, upscaled] = [upTo(shape[0]), image(shape, seed)];
          // x_{t−1} = (η_{t−1}/η_t) x_t + (α_t/η_t) x̂_0 + κ √(η_{t−1} α_t/η_t) ε, all in pixels, but for ε
          let x = lincomb(
            [1, upscaled],
            [kappa * Math.sqrt(eta[T]), frameNoise(cpu, shape, frames, T, seed)],
          );
          for (let t = T; t >= 1; t--) {
            const x0 = clamp(crude(scale(inputScale(t, s), x), t), -1, 1);
            const share = eta[t - 1] / eta[t];
            const noise = toPixels(frameNoise(cpu, shape, frames, t - 1, seed), s.p);
            const sigma = kappa * Math.sqrt(share * (eta[t] - eta[t - 1]));
            x = lincomb([share, x], [1 - share, x0], [sigma, noise]);
          }
          await expectClose(await sampled(crude, upscaled, frames, s, { seed, rule: 'resshift' }), x, 1e-9);
        },
      ),
      { numRuns: 15 },
    ));

  it('stays in [−1, 1] under the strongest blur', async () => {
    const s = makeSchedule({ ...defaultDiffusion, sigmaB2Max: 1e6 });
    const x = await (await sampled(crude, image([1, 3, 8, 8], 1), [0], s, { seed: 1 })).read();
    for (const v of x) expect(v).to.be.within(-1, 1);
  });

  it('holds as much memory after each step as after the first, and leaves its result only', async () => {
    const backend = new CpuBackend();
    const upscaled = tensor(backend, [2, 3, 4, 4], await image([2, 3, 4, 4], 1).read());
    const held: number[] = [];
    const onStep = (): number => held.push(backend.memory().tensors);
    await sampled(crude, upscaled, [0, 1], makeSchedule(defaultDiffusion), { seed: 1, onStep });
    expect(held).to.deep.equal(new Array(15).fill(3)); // Ī^LR, u_l, state
    expect(backend.memory().tensors).to.equal(2);
    const failing: Denoiser = (state, t) => (t > 3 ? state : expect.fail('no x̂_0'));
    const failed = await sampled(failing, upscaled, [0, 1], makeSchedule(defaultDiffusion), {
      seed: 1,
    }).then(
      () => 'nothing was thrown',
      (error: unknown) => (error as Error).message,
    );
    expect(failed).to.equal('no x̂_0');
    expect(backend.memory().tensors).to.equal(2);
  });

  it('hands on what its last step made, and frees it with the rest if the chain ends by an error', async () => {
    const backend = new CpuBackend();
    const shape = [2, 3, 4, 4];
    const upscaled = tensor(backend, shape, await image(shape, 1).read());
    const s = makeSchedule({ ...defaultDiffusion, T: 3 });
    let made: Tensor | undefined;
    const spy: Denoiser = (state, t) => (made = scale(t, state));
    const carry = (): { twice: Tensor } => ({ twice: scale(2, made ?? expect.fail('before the denoiser')) });
    const { x0, carried } = await sampleClip(spy, upscaled, [0, 1], s, { seed: 1 }, carry);
    await expectClose(clamp(scale(0.5, carried?.twice ?? expect.fail('nothing')), -1, 1), x0, 0);
    free({ x0, carried });
    const before = backend.memory().tensors;
    const onStep = (t: number): void => (t === 1 ? expect.fail('stopped') : undefined);
    const end = sampleClip(spy, upscaled, [0, 1], s, { seed: 1, onStep }, carry);
    expect(await end.catch((error: unknown) => (error as Error).message)).to.equal('stopped');
    expect(backend.memory().tensors).to.equal(before);
  });

  it('reports each step', async () => {
    const steps: number[] = [];
    const options: SamplerOptions = { seed: 0, onStep: (t) => steps.push(t) };
    await sampled(crude, image([1, 1, 4, 4], 1), [0], makeSchedule({ ...defaultDiffusion, T: 4 }), options);
    expect(steps).to.deep.equal([4, 3, 2, 1]);
  });

  it('says what does not fit', async () => {
    const s = makeSchedule(defaultDiffusion);
    const refusal = (shape: number[], frames: number[]): Promise<string> =>
      sampled(crude, white(shape, 0), frames, s, { seed: 0 }).then(
        () => 'nothing was thrown',
        (error: unknown) => (error as Error).message,
      );
    expect(await refusal([2, 3, 4, 4], [0])).to.equal(
      'sampleClip: upscaled: expected [n=1 c h w], got [2, 3, 4, 4]',
    );
    expect(await refusal([1, 3, 4, 6], [0])).to.equal(
      'sampleClip: upscaled: expected h and w multiples of 4, got [1, 3, 4, 6]',
    );
    expect(await refusal([1, 3, 4, 4], [-1])).to.equal('frame index -1 is outside 0 … 1048575');
  });
});

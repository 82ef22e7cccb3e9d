import { expect } from 'chai';
import fc from 'fast-check';
import {
  blur,
  blurringMarginal,
  defaultDiffusion,
  type Diagonal,
  lambda,
  makeSchedule,
  marginal,
  multiply,
  residual,
  sample,
  type Schedule,
  stepVariance,
  toPixels,
  toSpectrum,
  transition,
} from '../../src/diffusion/index.js';
import { add, full, lincomb, scale, tensor } from '../../src/tensor/index.js';
import { expectClose } from './close.js';
import { golden } from './golden.js';
import { expectMoments } from './moments.js';
import { config, cpu, ends, setting, white } from './setting.js';

const numRuns = 40;
/** The table of a variance. */
const table = (variance: number | Diagonal, { p }: Schedule): Float64Array =>
  typeof variance === 'number' ? new Float64Array(p * p).fill(variance) : variance.values;

describe('SeeClear (22): blur of a block', () => {
  it('has the values computed independently', async () => {
    for (const { law, sigmaB2Max, at, firstRowP4, firstRowP8 } of golden.blur) {
      for (const [p, rows] of [
        [4, firstRowP4],
        [8, firstRowP8],
      ] as const) {
        const s = makeSchedule({ ...defaultDiffusion, p, blurLaw: law, sigmaB2Max });
        for (const [i, t] of at.entries()) await expectClose(blur(t, s).values.slice(0, p), rows[i], 1e-14);
      }
    }
  });

  it('solves ∂u/∂t = Δu on the cosines that are level at the borders of the block', async () => {
    const [p, h] = [4, 1e-4];
    const wave = (y: number, x: number): number =>
      Math.cos((Math.PI * 2 * (y + 0.5)) / p) * Math.cos((Math.PI * 3 * (x + 0.5)) / p);
    const grid = (f: (y: number, x: number) => number): Float64Array =>
      Float64Array.from({ length: p * p }, (_, i) => f(Math.floor(i / p), i % p));
    const u0 = toSpectrum(tensor(cpu, [1, 1, p, p], grid(wave)), p);
    const at = (time: number): Promise<ArrayLike<number>> =>
      toPixels(multiply(u0, blur(1, { T: 1, eta: [0, 0.5], tau: [0, time], kappa: 1, p })), p).read();
    const [later, earlier, now] = [await at(0.3 + h), await at(0.3 - h), await at(0.3)];
    const decay = now[0] / wave(0, 0);
    await expectClose(
      Array.from(later, (v, i) => (v - earlier[i]) / (2 * h)),
      grid((y, x) => {
        const around = wave(y + h, x) + wave(y - h, x) + wave(y, x + h) + wave(y, x - h);
        return (decay * (around - 4 * wave(y, x))) / h ** 2;
      }),
      1e-6,
    );
  });

  it('keeps the mean of each block, and leaves nothing else in the end', async () => {
    const s: Schedule = { T: 1, eta: [0, 0.5], tau: [0, 1e4], kappa: 2, p: 2 };
    const x = tensor(cpu, [1, 1, 2, 4], [1, 2, 0, 0, 3, 4, 0, 2]);
    await expectClose(
      toPixels(multiply(toSpectrum(x, 2), blur(1, s)), 2),
      [2.5, 2.5, 0.5, 0.5, 2.5, 2.5, 0.5, 0.5],
    );
  });
});

describe('SeeClear (1): blur and noise', () => {
  it('is (3) where the LR frame is the blurred HR frame, so that nothing is shifted', () =>
    fc.assert(
      fc.asyncProperty(setting(0), async (setting) => {
        const { s, t } = setting;
        const [u0] = ends(setting);
        const alone = blurringMarginal(u0, t, s);
        const shifted = marginal(u0, multiply(u0, blur(t, s)), t, s);
        await expectClose(alone.mean, shifted.mean);
        expect(alone.variance).to.equal(shifted.variance);
      }),
      { numRuns },
    ));
});

describe('SeeClear (3): marginal', () => {
  it('is u_0 without noise at t = 0', () =>
    fc.assert(
      fc.asyncProperty(setting(0), async (setting) => {
        const [u0, ul] = ends(setting);
        const { mean, variance } = marginal(u0, ul, 0, setting.s);
        await expectClose(mean, u0, 0);
        expect(variance).to.equal(0);
      }),
      { numRuns },
    ));

  it('moves from the blurred HR frame towards the LR frame by 98.01 %', () =>
    fc.assert(
      fc.asyncProperty(setting(1), async (setting) => {
        const { s } = setting;
        const [u0, ul] = ends(setting);
        const { mean, variance } = marginal(u0, ul, s.T, s);
        await expectClose(
          residual(mean, ul),
          scale(1 - 0.9801, residual(multiply(u0, blur(s.T, s)), ul)),
          1e-10,
        );
        expect(variance).to.be.closeTo(0.9801 * s.kappa ** 2, 1e-12);
      }),
      { numRuns },
    ));

  it('is ResShift’s, (24), without blur', () =>
    fc.assert(
      fc.asyncProperty(
        setting(
          1,
          config.map((c) => ({ ...c, sigmaB2Max: 0 })),
        ),
        async (setting) => {
          const { s, t } = setting;
          const [u0, ul] = ends(setting);
          await expectClose(marginal(u0, ul, t, s).mean, lincomb([1, u0], [s.eta[t], residual(u0, ul)]));
        },
      ),
      { numRuns },
    ));

  it('refuses a step outside 0 … T', () => {
    const s = makeSchedule(defaultDiffusion);
    const u = white([1, 1, 4, 4], 0);
    for (const t of [-1, 16, 1.5])
      expect(() => marginal(u, u, t, s)).to.throw(RangeError, 'is outside 0 … 15');
  });
});

describe('SeeClear (4): residual', () => {
  it('is what (3) shifts: its mean grows from D_t u_0 by η_t e_t', () =>
    fc.assert(
      fc.asyncProperty(setting(1), async (setting) => {
        const { s, t } = setting;
        const [u0, ul] = ends(setting);
        const blurred = multiply(u0, blur(t, s));
        const shift = residual(blurred, marginal(u0, ul, t, s).mean);
        await expectClose(scale(1 / s.eta[t], shift), residual(blurred, ul), 1e-10);
      }),
      { numRuns },
    ));
});

describe('SeeClear (26): residual', () => {
  it('leads from the blurred HR frame to the LR frame', () =>
    fc.assert(
      fc.asyncProperty(setting(0), async (setting) => {
        const { s, t } = setting;
        const [u0, ul] = ends(setting);
        const blurred = multiply(u0, blur(t, s));
        await expectClose(add(blurred, residual(blurred, ul)), ul);
      }),
      { numRuns },
    ));
});

describe('SeeClear (36): share of a coefficient that one step leaves', () => {
  it('has the values computed independently', async () => {
    const s = makeSchedule(defaultDiffusion);
    for (const { x, y, ...columns } of golden.posterior) {
      const of = (f: (t: number) => Diagonal): number[] =>
        columns.lambda.map((_, i) => f(i + 1).values[4 * y + x]);
      await expectClose(
        of((t) => lambda(t, s)),
        columns.lambda,
        1e-14,
      );
      await expectClose(
        of((t) => stepVariance(t, s)),
        columns.stepVariance,
        1e-14,
      );
    }
  });

  it('multiplies up to (1 − η_t) D_t', () =>
    fc.assert(
      fc.asyncProperty(setting(1), async ({ s, t }) => {
        const product = new Float64Array(s.p ** 2).fill(1);
        for (let k = 1; k <= t; k++) lambda(k, s).values.forEach((l, i) => (product[i] *= l));
        await expectClose(
          product,
          blur(t, s).values.map((D) => (1 - s.eta[t]) * D),
        );
      }),
      { numRuns },
    ));

  it('is a number under a blur so strong that D_t / D_{t−1} is 0/0', () => {
    const s = makeSchedule({ ...defaultDiffusion, sigmaB2Max: 1e6 });
    expect(blur(14, s).values[1]).to.equal(0);
    for (let t = 1; t <= 15; t++) for (const l of lambda(t, s).values) expect(l).to.be.within(0, 1);
  });
});

describe('SeeClear (29): marginal by recursion', () => {
  it('is carried from t − 1 to t by the transition, mean and variance', () =>
    fc.assert(
      fc.asyncProperty(setting(1), async (setting) => {
        const { s, t } = setting;
        const [u0, ul] = ends(setting);
        const before = marginal(u0, ul, t - 1, s);
        const here = marginal(u0, ul, t, s);
        const step = transition(before.mean, ul, t, s);
        await expectClose(step.mean, here.mean);
        const l = lambda(t, s).values;
        const [was, added] = [table(before.variance, s), table(step.variance, s)];
        await expectClose(
          l.map((l, i) => l ** 2 * was[i] + added[i]),
          table(here.variance, s),
        );
      }),
      { numRuns },
    ));

  it('would lose variance in the transition as printed, κ² (η_t − η_{t−1})', () =>
    fc.assert(
      fc.property(setting(2), ({ s, t }) => {
        for (const l of lambda(t, s).values)
          expect(l ** 2 * s.eta[t - 1] + (s.eta[t] - s.eta[t - 1])).to.be.lessThan(s.eta[t]);
      }),
      { numRuns },
    ));
});

describe('SeeClear (31): transition', () => {
  it('forgets by λ, (36), and adds a variance between those of α_t and η_t', () =>
    fc.assert(
      fc.asyncProperty(setting(1), async (setting) => {
        const { s, t, shape } = setting;
        const [u, ul] = ends(setting);
        const zero = full(cpu, shape, 0);
        const response = residual(transition(zero, ul, t, s).mean, transition(u, ul, t, s).mean);
        await expectClose(response, multiply(u, lambda(t, s)));
        const k2 = s.kappa ** 2;
        for (const v of table(transition(u, ul, t, s).variance, s))
          expect(v).to.be.within(k2 * (s.eta[t] - s.eta[t - 1]), k2 * s.eta[t] * (1 + 1e-15));
      }),
      { numRuns },
    ));

  it('leaves an even frame where it is, if LR and HR agree on it', () =>
    fc.assert(
      fc.asyncProperty(setting(1), async ({ s, t, shape }) => {
        const u = toSpectrum(full(cpu, shape, 0.7), s.p);
        await expectClose(
          toPixels(transition(u, u, t, s).mean, s.p),
          new Float64Array(shape.reduce((a, b) => a * b)).fill(0.7),
        );
      }),
      { numRuns },
    ));

  it('refuses a step outside 1 … T', () => {
    const s = makeSchedule(defaultDiffusion);
    const u = white([1, 1, 4, 4], 0);
    for (const t of [0, 16, 1.5])
      expect(() => transition(u, u, t, s)).to.throw(RangeError, 'is outside 1 … 15');
  });
});

describe('SeeClear (28): transition, sampled', () => {
  it('run from u_0 has the moments of (29) at every step, within 5 standard errors', async () => {
    const s = makeSchedule({ ...defaultDiffusion, T: 4, minNoise: 0.2 });
    const shape = [1, 3, 96, 96];
    const [u0, ul] = [white(shape, 1), white(shape, 2)];
    let u = u0;
    for (let t = 1; t <= s.T; t++) {
      u = sample(transition(u, ul, t, s), white(shape, 3, t));
      const { mean, variance } = marginal(u0, ul, t, s);
      expectMoments(await residual(mean, u).read(), shape, s.p, variance as number);
    }
  });
});

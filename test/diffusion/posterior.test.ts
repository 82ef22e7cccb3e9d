import { expect } from 'chai';
import fc from 'fast-check';
import {
  defaultDiffusion,
  type Diagonal,
  deterministicStep,
  fourStepDiffusion,
  type Gaussian,
  lambda,
  makeSchedule,
  marginal,
  posterior,
  posteriorSteps,
  residual,
  type ReverseStep,
  type Schedule,
  toPixels,
  toSpectrum,
  transition,
} from '../../src/diffusion/index.js';
import { full, sizeOf, type Tensor } from '../../src/tensor/index.js';
import { expectClose } from './close.js';
import { golden } from './golden.js';
import { config, cpu, ends, frequencyAt, setting, white } from './setting.js';

const numRuns = 40;
const forms = Object.keys(posteriorSteps) as (keyof typeof posteriorSteps)[];
const rules = { ...posteriorSteps, deterministic: deterministicStep };
const unblurred = config.map((c) => ({ ...c, sigmaB2Max: 0 }));
const values = (variance: Gaussian['variance']): Float64Array => (variance as Diagonal).values;
/** One coefficient of a table, over t = 1 … T. */
const over = (s: Schedule, f: (t: number) => Diagonal, i: number): number[] =>
  Array.from({ length: s.T }, (_, k) => f(k + 1).values[i]);

/** A step forward: u_t = response · u_{t−1} + offset + noise, per block frequency. */
interface Forward {
  readonly response: Float64Array;
  readonly offset: Tensor;
  readonly variance: Float64Array;
}

/** Precisions add, and so do precision-weighted means. */
async function expectBayes(
  got: Gaussian,
  ut: Tensor,
  before: Gaussian,
  forward: Forward,
  s: Schedule,
): Promise<void> {
  const { response, variance } = forward;
  const prior = 1 / (before.variance as number);
  const precision = response.map((l, i) => prior + l ** 2 / variance[i]);
  await expectClose(
    values(got.variance),
    precision.map((v) => 1 / v),
  );
  const [m, offset, u] = await Promise.all([before.mean, forward.offset, ut].map((x) => x.read()));
  const frequency = frequencyAt(s.p, ut.shape);
  await expectClose(
    got.mean,
    Array.from(m, (v, i) => {
      const k = frequency(i);
      return (v * prior + (response[k] * (u[i] - offset[i])) / variance[k]) / precision[k];
    }),
    1e-10,
  );
}

describe('SeeClear (34): posterior', () => {
  it('has the values computed independently', async () => {
    const s = makeSchedule(defaultDiffusion);
    for (const { x, y, ...columns } of golden.posterior)
      for (const key of ['ut', 'u0', 'ul'] as const)
        await expectClose(
          over(s, (t) => posteriorSteps.corrected(t, s)[key], 4 * y + x),
          columns[key],
          1e-14,
        );
  });

  it('is Bayes’ rule (30) on the transition (31), in the form `corrected`', () =>
    fc.assert(
      fc.asyncProperty(setting(2), async (setting) => {
        const { s, t, shape } = setting;
        const [u0, ul, ut] = ends(setting);
        const forward: Forward = {
          response: lambda(t, s).values,
          offset: transition(full(cpu, shape, 0), ul, t, s).mean,
          variance: values(transition(u0, ul, t, s).variance),
        };
        await expectBayes(posterior(ut, u0, ul, t, s), ut, marginal(u0, ul, t - 1, s), forward, s);
      }),
      { numRuns },
    ));

  it('is Bayes’ rule on a step that keeps the deviation whole, in the form `resshift`', () =>
    fc.assert(
      fc.asyncProperty(setting(2), async (setting) => {
        const { s, t } = setting;
        const [u0, ul, ut] = ends(setting);
        const before = marginal(u0, ul, t - 1, s);
        const forward: Forward = {
          response: new Float64Array(s.p ** 2).fill(1),
          offset: residual(before.mean, marginal(u0, ul, t, s).mean),
          variance: new Float64Array(s.p ** 2).fill(s.kappa ** 2 * (s.eta[t] - s.eta[t - 1])),
        };
        await expectBayes(posterior(ut, u0, ul, t, s, 'resshift'), ut, before, forward, s);
      }),
      { numRuns },
    ));

  it('ends at u_0 in every form', () =>
    fc.assert(
      fc.asyncProperty(setting(1), fc.constantFrom(...forms), async (setting, form) => {
        const [u0, ul, ut] = ends(setting);
        await expectClose(posterior(ut, u0, ul, 1, setting.s, form).mean, u0, 1e-15);
      }),
      { numRuns },
    ));

  it('leaves an even frame where it is, whatever the blur, in every form', () =>
    fc.assert(
      fc.asyncProperty(setting(1), fc.constantFrom(...forms), async ({ s, t, shape }, form) => {
        const u = toSpectrum(full(cpu, shape, 0.7), s.p);
        const { mean } = posterior(u, u, u, t, s, form);
        await expectClose(toPixels(mean, s.p), new Float64Array(sizeOf(shape)).fill(0.7));
      }),
      { numRuns },
    ));

  it('leaves any frame where it is without blur, if LR, HR and state agree', () =>
    fc.assert(
      fc.asyncProperty(setting(1, unblurred), async (setting) => {
        const [u] = ends(setting);
        await expectClose(posterior(u, u, u, setting.t, setting.s).mean, u);
      }),
      { numRuns },
    ));

  it('is ResShift’s in the form `resshift` without blur', async () => {
    for (const [name, config] of [
      ['T15', defaultDiffusion],
      ['T4', fourStepDiffusion],
    ] as const) {
      const s = makeSchedule({ ...config, sigmaB2Max: 0 });
      const step = (t: number): ReverseStep => posteriorSteps.resshift(t, s);
      for (const i of [0, 7]) {
        await expectClose(
          over(s, (t) => step(t).ut, i),
          golden.shift[name].ut,
          1e-13,
        );
        await expectClose(
          over(s, (t) => step(t).u0, i),
          golden.shift[name].u0,
          1e-13,
        );
        await expectClose(
          over(s, (t) => step(t).ul, i),
          new Float64Array(s.T),
          1e-15,
        );
        await expectClose(
          over(s, (t) => step(t).variance, i),
          golden.shift[name].variance,
          1e-13,
        );
      }
    }
  });

  it('keeps of the deviation λ times what ResShift keeps, also without blur', () =>
    fc.assert(
      fc.asyncProperty(setting(2), async ({ s, t }) => {
        const [corrected, resshift] = forms.map((form) => posteriorSteps[form](t, s).ut.values);
        await expectClose(
          corrected,
          lambda(t, s).values.map((l, i) => l * resshift[i]),
        );
        expect(corrected[0]).to.be.lessThan(resshift[0]);
      }),
      { numRuns },
    ));

  it('is made of numbers under the strongest blur', () => {
    for (const sigmaB2Max of [1e3, 1e6, 1e12])
      for (const p of [4, 8]) {
        const s = makeSchedule({ ...defaultDiffusion, p, sigmaB2Max });
        for (let t = 1; t <= s.T; t++)
          for (const rule of Object.values(rules))
            for (const { values } of Object.values(rule(t, s)) as Diagonal[])
              for (const v of values) expect(v).to.be.finite;
      }
  });

  it('refuses a step outside 1 … T in every form', () => {
    const s = makeSchedule(defaultDiffusion);
    const u = white([1, 1, 4, 4], 0);
    for (const form of forms)
      for (const t of [0, 16, 1.5])
        expect(() => posterior(u, u, u, t, s, form)).to.throw(RangeError, 'is outside 1 … 15');
  });
});

describe('SeeClear (35): variance of the posterior', () => {
  it('has the values computed independently', async () => {
    const s = makeSchedule(defaultDiffusion);
    for (const { x, y, variance } of golden.posterior)
      await expectClose(
        over(s, (t) => posteriorSteps.corrected(t, s).variance, 4 * y + x),
        variance,
        1e-14,
      );
  });

  it('is 0 at the last step, and between 0 and that of the marginal before', () =>
    fc.assert(
      fc.property(setting(1), fc.constantFrom(...forms), ({ s, t }, form) => {
        for (const v of posteriorSteps[form](1, s).variance.values) expect(v).to.equal(0);
        for (const v of posteriorSteps[form](t, s).variance.values) {
          expect(v).to.be.at.most(s.kappa ** 2 * s.eta[t - 1] * (1 + 1e-15));
          if (t > 1) expect(v).to.be.greaterThan(0);
        }
      }),
      { numRuns },
    ));
});

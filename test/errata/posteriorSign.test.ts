import { expect } from 'chai';
import fc from 'fast-check';
import {
  defaultDiffusion,
  makeSchedule,
  posteriorSteps,
  printedSteps,
  type SamplingRule,
  samplingSteps,
} from '../../src/diffusion/index.js';
import { always, counterexample, near } from './counterexample.js';

const { T } = defaultDiffusion;
const s = makeSchedule(defaultDiffusion);
const still = makeSchedule({ ...defaultDiffusion, sigmaB2Max: 0 });

/** The mean of the step before t at frequency 0, if u_0, u_l and u_t are all c. */
function constant(rule: SamplingRule, t: number, c: number): number {
  const { ut, u0, ul } = samplingSteps[rule](t, still);
  return (ut.values[0] + u0.values[0] + ul.values[0]) * c;
}

/** What the sign changes in the coefficient of u_l, at each frequency. */
const error = (t: number): Float64Array =>
  printedSteps['sign-corrected'](t, s).ul.values.map(
    (v, i) => v - printedSteps['as-printed'](t, s).ul.values[i],
  );

describe('E1: sign of u_l in (33) and (34)', () => {
  const step = fc.record({ t: fc.integer({ min: 1, max: T }), c: fc.integer({ min: -9, max: 9 }) });

  it('as printed does not leave a constant where it is: c = 1, t = 2', () => {
    const found = counterexample(step, ({ t, c }) => near(constant('as-printed', t, c), c));
    expect(found).to.deep.equal({ t: 2, c: 1 });
    expect(constant('as-printed', 2, 1)).to.be.closeTo(0.9992, 1e-4);
    expect(constant('as-printed', 15, 1)).to.be.closeTo(1 - 1.5438, 1e-4);
  });

  for (const rule of ['corrected', 'resshift', 'sign-corrected', 'deterministic'] as const)
    it(`mended, it does: ${rule}`, () => always(step, ({ t, c }) => near(constant(rule, t, c), c)));

  it('is off by 2 α_t η_{t−1} u_l / (λ² η_{t−1} + α_t): up to 1.65 u_l by default, and always less than 2 u_l', () => {
    const all = Array.from({ length: T - 1 }, (_, i) => error(i + 2));
    expect(Math.max(...all.map((e) => Math.max(...e)))).to.be.closeTo(1.6458, 1e-4);
    expect(Math.min(...all.map((e) => Math.min(...e)))).to.be.greaterThan(0);
    all.forEach((e, i) => e.forEach((v) => expect(v).to.be.lessThan(2 * s.eta[i + 1])));
  });

  it('does not show at t = 1: all forms end at u_0, without noise', () => {
    for (const rule of Object.values({ ...posteriorSteps, ...printedSteps })) {
      const { ut, u0, ul, variance } = rule(1, s);
      for (const zero of [ut, ul, variance]) expect(Math.max(...zero.values.map(Math.abs))).to.equal(0);
      u0.values.forEach((v) => expect(v).to.be.closeTo(1, 1e-15));
    }
  });
});

import { expect } from 'chai';
import fc from 'fast-check';
import {
  defaultDiffusion,
  lambda,
  makeSchedule,
  posteriorSteps,
  printedSteps,
  type ReverseStep,
  type Schedule,
  stepVariance,
} from '../../src/diffusion/index.js';
import { always, counterexample, near } from './counterexample.js';

const s = makeSchedule(defaultDiffusion);
const step = fc.record({
  t: fc.integer({ min: 1, max: s.T }),
  frequency: fc.integer({ min: 0, max: s.p ** 2 - 1 }),
});

/** Variance after (32) was carried on by (31), in units of κ². */
const carried = (t: number, k: number, added: number): number =>
  lambda(t, s).values[k] ** 2 * s.eta[t - 1] + added;
const printed = (t: number): number => s.eta[t] - s.eta[t - 1];

/** σ of the deviation from the marginal's mean over that of (29), after the chain came from T down to t, given u_0. */
function noise(form: (t: number, s: Schedule) => ReverseStep, t: number, k: number): number {
  let variance = s.kappa ** 2 * s.eta[s.T];
  for (let i = s.T; i > t; i--) {
    const { ut, variance: own } = form(i, s);
    variance = ut.values[k] ** 2 * variance + own.values[k];
  }
  return Math.sqrt(variance / (s.kappa ** 2 * s.eta[t]));
}

describe('E2: variance in (28) and (31)', () => {
  it('as printed does not carry (32) to (29): t = 2, frequency 0', () => {
    const found = counterexample(step, ({ t, frequency }) =>
      near(carried(t, frequency, printed(t)), s.eta[t]),
    );
    expect(found).to.deep.equal({ t: 2, frequency: 0 });
  });

  it('mended, it does', () =>
    always(step, ({ t, frequency }) =>
      near(carried(t, frequency, stepVariance(t, s).values[frequency]), s.eta[t]),
    ));

  it('loses η_{t−1} (1 − λ²) of η_t: up to 84 % by default', () => {
    const lost = Array.from({ length: s.T - 1 }, (_, i) =>
      Array.from({ length: s.p ** 2 }, (_, k) => 1 - carried(i + 2, k, printed(i + 2)) / s.eta[i + 2]),
    ).flat();
    expect(Math.max(...lost)).to.be.closeTo(0.8418, 1e-4);
    expect(Math.min(...lost)).to.be.greaterThan(0);
  });

  it('makes a chain 1.7 to 3.1 times too noisy at mid-chain, whatever the sign', () => {
    const ratios = (form: (t: number, s: Schedule) => ReverseStep): number[] =>
      [7, 8].flatMap((t) => Array.from({ length: s.p ** 2 }, (_, k) => noise(form, t, k)));
    for (const form of Object.values(printedSteps)) {
      expect(Math.min(...ratios(form))).to.be.closeTo(1.66, 0.01);
      expect(Math.max(...ratios(form))).to.be.closeTo(3.07, 0.01);
    }
    for (const form of Object.values(posteriorSteps))
      for (const ratio of ratios(form)) expect(ratio).to.be.closeTo(1, 1e-12);
  });

  it('leaves nothing of ResShift where there is no blur', () => {
    const still = makeSchedule({ ...defaultDiffusion, sigmaB2Max: 0 });
    const { eta } = still;
    const keeps = (form: (t: number, s: Schedule) => ReverseStep) => (t: number) =>
      near(form(t, still).ut.values[0], eta[t - 1] / eta[t]);
    const t = fc.integer({ min: 1, max: still.T });
    expect(counterexample(t, keeps(printedSteps['as-printed']))).to.equal(2);
    expect(counterexample(t, keeps(posteriorSteps.corrected))).to.equal(2); // so is Bayes’ rule on (31): I1
    always(t, keeps(posteriorSteps.resshift));
  });
});

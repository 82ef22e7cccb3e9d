import { expect } from 'chai';
import fc from 'fast-check';
import {
  blur,
  defaultDiffusion,
  makeSchedule,
  marginal,
  multiply,
  posteriorSteps,
  prior,
  type Schedule,
} from '../../src/diffusion/index.js';
import { white } from '../diffusion/setting.js';
import { always, counterexample, near } from './counterexample.js';

const s = makeSchedule(defaultDiffusion);

describe('E4: line 41 of Algorithm 1, α_t µ + η_t ε', () => {
  const { eta, T } = s;
  const step = fc.record({ t: fc.integer({ min: 2, max: T }), c: fc.integer({ min: -9, max: 9 }) });
  /** µ of the step before t at frequency 0, of the constant c */
  const mu = (t: number, c: number): number => {
    const { ut, u0, ul } = posteriorSteps.corrected(t, s);
    return (ut.values[0] + u0.values[0] + ul.values[0]) * c;
  };

  it('does not leave a constant where it is, whether α is that of the state or of the step: c = 1', () => {
    for (const at of [0, -1]) {
      const alpha = (t: number): number => eta[t + at] - eta[t + at - 1];
      const found = counterexample(step, ({ t, c }) => near(alpha(t) * mu(t, c), c));
      expect(found).to.deep.equal({ t: 2, c: 1 });
      for (let t = 2; t <= T; t++) expect(alpha(t)).to.be.within(0, 0.155);
    }
  });

  it('does not have the variance of (35) at any step or frequency', () => {
    for (let t = 2; t <= T; t++)
      for (const v of posteriorSteps.corrected(t, s).variance.values)
        for (const printed of [eta[t] ** 2, eta[t - 1] ** 2]) expect(v).to.be.greaterThan(1.01 * printed);
  });

  it('as µ + σ ε, it does', () => always(step, ({ t, c }) => near(mu(t, c), c)));
});

describe('E5: noise that the reverse chain starts from', () => {
  const kappas = fc.integer({ min: 1, max: 16 }).map((k) => k / 4);
  const process = (kappa: number): Schedule => makeSchedule({ ...defaultDiffusion, kappa });
  const u0 = white([1, 1, 4, 4], 1);
  /** κ² η_T, the variance of (3) at the end of the chain */
  const end = (kappa: number): number => {
    const s = process(kappa);
    return marginal(u0, multiply(u0, blur(s.T, s)), s.T, s).variance as number;
  };

  it('as Algorithm 1, line 2, prints it, variance 1, is not that of (3), for any κ: κ = 0.25', () => {
    expect(counterexample(kappas, (kappa) => near(1, end(kappa)))).to.equal(0.25);
    expect(1 / Math.sqrt(end(2))).to.be.closeTo(0.505, 1e-3);
  });

  it('as (6) prints it, variance κ², is not that of (3) either: κ = 0.25', () => {
    expect(counterexample(kappas, (kappa) => near(kappa ** 2, end(kappa)))).to.equal(0.25);
    expect(2 / Math.sqrt(end(2))).to.be.closeTo(1.0101, 1e-4);
  });

  it('as ours, κ² η_T, it is', () =>
    always(kappas, (kappa) => near(prior(u0, process(kappa)).variance as number, end(kappa))));
});

import { expect } from 'chai';
import fc from 'fast-check';
import { blur, defaultDiffusion, lambda, makeSchedule, type Schedule } from '../../src/diffusion/index.js';
import { always, counterexample } from './counterexample.js';

const f32 = Math.fround;

/** Time as printed: e^{Λt}, τ_t = t. */
const printedTime: Schedule = {
  ...makeSchedule(defaultDiffusion),
  tau: Array.from({ length: defaultDiffusion.T + 1 }, (_, t) => t),
};

/** (27), in float32, of a state without noise: u_0 = 1 and u_l = 0 at the highest frequency. */
function estimate(t: number, s: Schedule): number {
  const D = f32(blur(t - 1, s).values[s.p ** 2 - 1]);
  const u = f32(f32(1 - s.eta[t - 1]) * D);
  return f32(u / f32(f32(1 - s.eta[t - 1]) * D));
}

describe('E6: division by a blur in (27)', () => {
  const steps = fc.integer({ min: 1, max: 15 });
  const strong = makeSchedule({ ...defaultDiffusion, sigmaB2Max: 30 });

  it('is 0/0 in float32 with the time as printed, T = 15 and p = 4: t = 11', () => {
    expect(counterexample(steps, (t) => Number.isFinite(estimate(t, printedTime)))).to.equal(11);
    expect(estimate(10, printedTime)).to.equal(1);
  });

  it('is 0/0 in float32 under a blur of σ_B² = 30', () => {
    expect(counterexample(steps, (t) => Number.isFinite(estimate(t, strong)))).to.be.greaterThan(10);
  });

  it('is not needed: λ_t comes from the difference of times, a number in [0, 1) at every step', () => {
    for (const s of [printedTime, strong])
      always(steps, (t) => lambda(t, s).values.every((l) => f32(l) >= 0 && l < 1));
    // where the quotient of (27) is 0/0, it is still right: e^Λ (1 − η_t)/(1 − η_{t−1})
    const { eta, p } = printedTime;
    const [here, ratio] = [lambda(14, printedTime).values[1], (1 - eta[14]) / (1 - eta[13])];
    expect(here).to.be.closeTo(ratio * Math.exp(-(Math.PI ** 2) / p ** 2), 1e-15);
  });

  it('with the time as printed would blur by σ_B² = 2t = 30, where the paper says 2', () => {
    const lowest = (s: Schedule): number => blur(s.T, s).values[1];
    const says = makeSchedule(defaultDiffusion);
    expect(lowest(printedTime)).to.be.closeTo(9.6e-5, 1e-6);
    expect(lowest(says)).to.be.closeTo(0.54, 0.01);
    expect(2 * printedTime.tau[15]).to.equal(30);
    expect(2 * says.tau[15]).to.be.closeTo(2, 1e-12);
  });
});

/** The identities in rational numbers, and the code's tables against those. */
import { expect } from 'chai';
import fc from 'fast-check';
import {
  lambda,
  posteriorSteps,
  printedSteps,
  type ReverseStep,
  type Schedule,
  stepVariance,
} from '../../src/diffusion/index.js';
import { minus, over, plus, type Rational, rational, times, toNumber } from '../support/rational.js';

const one = rational(1);
/** Rationals in (0, 1), in rising order. */
const rising = (count: number): fc.Arbitrary<Rational[]> =>
  fc
    .uniqueArray(fc.integer({ min: 1, max: 96 }), { minLength: count, maxLength: count })
    .map((ns) => ns.sort((a, b) => a - b).map((n) => rational(n, 97)));

interface Step {
  /** η_{t−1} < η_t */
  readonly eta: readonly [Rational, Rational];
  /** D_{t−1} > D_t */
  readonly D: readonly [Rational, Rational];
  readonly kappa2: Rational;
  /** u_0, u_l, u_t */
  readonly u: readonly [Rational, Rational, Rational];
}

const number = fc
  .tuple(fc.integer({ min: -30, max: 30 }), fc.integer({ min: 1, max: 9 }))
  .map(([n, d]) => rational(n, d));
const step: fc.Arbitrary<Step> = fc
  .tuple(rising(2), rising(2), fc.integer({ min: 1, max: 9 }), fc.tuple(number, number, number))
  .map(([eta, D, kappa2, u]) => ({
    eta: [eta[0], eta[1]],
    D: [D[1], D[0]],
    kappa2: rational(kappa2, 2),
    u,
  }));

const square = (x: Rational): Rational => times(x, x);
/** (36) */
const ratio = ({ eta, D }: Step): Rational =>
  times(over(minus(one, eta[1]), minus(one, eta[0])), over(D[1], D[0]));
/** The mean of (29), at t − 1 or t. */
const mean = ({ eta, D, u }: Step, i: 0 | 1): Rational =>
  plus(times(minus(one, eta[i]), D[i], u[0]), times(eta[i], u[1]));
/** η_t − λ² η_{t−1} */
const exact = (s: Step): Rational => minus(s.eta[1], times(square(ratio(s)), s.eta[0]));
/** η_t − η_{t−1} */
const printed = ({ eta }: Step): Rational => minus(eta[1], eta[0]);

/** Bayes' rule on u_t = λ u_{t−1} + c + N(0, κ² added) and u_{t−1} of mean (32) and variance κ² η_{t−1}. */
function bayes(s: Step, added: Rational): { mean: Rational; variance: Rational } {
  const { eta, kappa2, u } = s;
  const l = ratio(s);
  const c = minus(times(eta[1], u[1]), times(l, eta[0], u[1]));
  const [prior, noise] = [times(kappa2, eta[0]), times(kappa2, added)];
  const precision = plus(over(one, prior), over(square(l), noise));
  const weighted = plus(over(mean(s, 0), prior), over(times(l, minus(u[2], c)), noise));
  return { mean: over(weighted, precision), variance: over(one, precision) };
}

/** The same step for the code: blocks of side 2 whose frequency (0, 1) decays by D. */
function schedule({ eta, D, kappa2 }: Step): Schedule {
  const tau = D.map((D) => Math.log(toNumber(D)) / -(Math.PI ** 2 / 4));
  return {
    T: 2,
    eta: [0, ...eta.map(toNumber)],
    tau: [0, ...tau],
    kappa: Math.sqrt(toNumber(kappa2)),
    p: 2,
  };
}

/** What a form of the code makes of one coefficient, in float64. */
function byCode(form: (t: number, s: Schedule) => ReverseStep, s: Step): { mean: number; variance: number } {
  const { ut, u0, ul, variance } = form(2, schedule(s));
  const [x0, xl, xt] = s.u.map(toNumber);
  return { mean: ut.values[1] * xt + u0.values[1] * x0 + ul.values[1] * xl, variance: variance.values[1] };
}

const expectSame = (got: number, want: Rational, scale = 1): void => {
  expect(got).to.be.closeTo(toNumber(want), 1e-11 * Math.max(scale, Math.abs(toNumber(want))));
};
const equal = (a: Rational, b: Rational): void => {
  expect(`${a.n}/${a.d}`).to.equal(`${b.n}/${b.d}`);
};

describe('SeeClear (32): marginal of t − 1, in rational numbers', () => {
  it('goes over into (29) by (31): the mean with any variance, the variance with α̃_t only', () =>
    fc.assert(
      fc.property(step, (s) => {
        const l = ratio(s);
        const { eta, u } = s;
        equal(plus(times(l, minus(mean(s, 0), times(eta[0], u[1]))), times(eta[1], u[1])), mean(s, 1));
        equal(plus(times(square(l), eta[0]), exact(s)), eta[1]);
        const lost = minus(eta[1], plus(times(square(l), eta[0]), printed(s)));
        equal(lost, times(eta[0], minus(one, square(l))));
        expect(lost.n > 0n).to.equal(true);
        expectSame(lambda(2, schedule(s)).values[1], l);
        expectSame(stepVariance(2, schedule(s)).values[1], exact(s));
      }),
    ));
});

describe('SeeClear (30): Bayes’ rule, in rational numbers', () => {
  it('gives the form `corrected` with the exact variance', () =>
    fc.assert(
      fc.property(step, (s) => {
        const { eta, D, kappa2, u } = s;
        const [l, a] = [ratio(s), exact(s)];
        const { mean, variance } = bayes(s, a);
        equal(
          mean,
          plus(
            over(times(l, eta[0], u[2]), eta[1]),
            times(over(a, eta[1]), minus(one, eta[0]), D[0], u[0]),
            times(eta[0], minus(one, l), u[1]),
          ),
        );
        equal(variance, over(times(kappa2, eta[0], a), eta[1]));
        const got = byCode(posteriorSteps.corrected, s);
        expectSame(got.mean, mean, 30);
        expectSame(got.variance, variance);
      }),
    ));

  it('gives the form `sign-corrected` with the printed variance', () =>
    fc.assert(
      fc.property(step, (s) => {
        const { mean, variance } = bayes(s, printed(s));
        const got = byCode(printedSteps['sign-corrected'], s);
        expectSame(got.mean, mean, 30);
        expectSame(got.variance, variance);
      }),
    ));

  it('misses the form `as-printed` by 2 α_t η_{t−1} u_l / (λ² η_{t−1} + α_t), E1', () =>
    fc.assert(
      fc.property(step, (s) => {
        const alpha = printed(s);
        const off = over(
          times(rational(2), alpha, s.eta[0], s.u[1]),
          plus(times(square(ratio(s)), s.eta[0]), alpha),
        );
        const got = byCode(printedSteps['as-printed'], s);
        expectSame(got.mean, minus(bayes(s, alpha).mean, off), 30);
        expectSame(got.variance, bayes(s, alpha).variance);
      }),
    ));
});

describe('SeeClear (33): completed square, in rational numbers', () => {
  it('differs from the sum of both exponents by a constant', () =>
    fc.assert(
      fc.property(step, fc.tuple(number, number), (s, [a, b]) => {
        const { eta, kappa2, u } = s;
        const [l, added] = [ratio(s), exact(s)];
        const { mean: mu, variance } = bayes(s, added);
        /** −2 times the exponent, as the sum of both factors of (30), less the completed square */
        const rest = (x: Rational): Rational => {
          const forward = minus(u[2], plus(times(l, minus(x, times(eta[0], u[1]))), times(eta[1], u[1])));
          return minus(
            plus(
              over(square(forward), times(kappa2, added)),
              over(square(minus(x, mean(s, 0))), times(kappa2, eta[0])),
            ),
            over(square(minus(x, mu)), variance),
          );
        };
        equal(rest(a), rest(b));
      }),
    ));
});

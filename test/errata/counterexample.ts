import { expect } from 'chai';
import fc from 'fast-check';

/** The smallest input that fast-check finds for which a property does not hold. Fails if it finds none. */
export function counterexample<T>(arbitrary: fc.Arbitrary<T>, holds: (input: T) => boolean): T {
  const { failed, counterexample } = fc.check(
    fc.property(arbitrary, (input) => holds(input)),
    { seed: 1, numRuns: 200 },
  );
  expect(failed, 'the printed form has a counterexample').to.equal(true);
  return (counterexample as [T])[0];
}

/** Asserts that a property holds, on as many inputs as were tried for a counterexample. */
export const always = <T>(arbitrary: fc.Arbitrary<T>, holds: (input: T) => boolean): void => {
  fc.assert(
    fc.property(arbitrary, (input) => holds(input)),
    { numRuns: 200 },
  );
};

/** Equal but for rounding in float64. */
export const near = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-11 * Math.max(1, Math.abs(b));

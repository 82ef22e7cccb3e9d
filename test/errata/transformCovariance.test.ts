import { expect } from 'chai';
import fc from 'fast-check';
import { always, counterexample } from './counterexample.js';

type Matrix = readonly (readonly [number, number])[];
const times = (a: Matrix, b: Matrix): Matrix =>
  a.map((row) => [
    row[0] * b[0][0] + row[1] * b[1][0],
    row[0] * b[0][1] + row[1] * b[1][1],
  ]) as unknown as Matrix;
const transposed = ([[a, b], [c, d]]: Matrix): Matrix => [
  [a, c],
  [b, d],
];
const isCovariance = ([[a, b], [c, d]]: Matrix): boolean => b === c && a >= 0 && d >= 0 && a * d - b * c >= 0;

/** A shear: invertible, not orthogonal unless 0. */
const shear = (a: number): Matrix => [
  [1, a],
  [0, 1],
];
const diag = (b: readonly [number, number]): Matrix => [
  [b[0], 0],
  [0, b[1]],
];

const model = fc.record({
  a: fc.integer({ min: 0, max: 9 }),
  beta: fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 })),
});

describe('E7: covariance in (23), R diag(β_t) R⁻¹', () => {
  it('is none for an invertible R in general: a shear by 1', () => {
    const found = counterexample(model, ({ a, beta }) =>
      isCovariance(times(times(shear(a), diag(beta)), shear(-a))),
    );
    expect(found.a).to.equal(1);
    expect([...found.beta].sort()).to.deep.equal([0, 1]);
  });

  it('is R diag(β_t) Rᵀ, which is one for every R', () =>
    always(model, ({ a, beta }) => isCovariance(times(times(shear(a), diag(beta)), transposed(shear(a))))));

  it('is the same for an orthogonal R, as the DCT is: a rotation by 90°', () => {
    const R: Matrix = [
      [0, -1],
      [1, 0],
    ];
    always(model, ({ beta }) => {
      const printed = times(times(R, diag(beta)), transposed(R));
      return isCovariance(printed) && printed[0][0] === beta[1];
    });
  });
});

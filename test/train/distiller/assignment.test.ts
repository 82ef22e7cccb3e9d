import { expect } from 'chai';
import fc from 'fast-check';
import { assign } from '../../../src/train/distiller/assignment.js';
import { seed, values } from '../../support/arbitraries.js';

/** The least cost over all injections of rows into columns. */
function bruteForce(
  cost: ArrayLike<number>,
  rows: number,
  columns: number,
  used = new Set<number>(),
): number {
  const row = used.size;
  if (row === rows) return 0;
  let best = Infinity;
  for (let j = 0; j < columns; j++)
    if (!used.has(j))
      best = Math.min(best, cost[row * columns + j] + bruteForce(cost, rows, columns, new Set(used).add(j)));
  return best;
}

const totalOf = (cost: ArrayLike<number>, columns: number, chosen: readonly number[]): number =>
  chosen.reduce((sum, j, i) => sum + cost[i * columns + j], 0);

describe('assignment', () => {
  const sizes = fc
    .tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 2 }))
    .map(([rows, more]) => [rows, Math.max(1, rows + more)]);

  it('costs what the best of all assignments does, ties and negative costs included', () =>
    fc.assert(
      fc.property(sizes, seed, fc.boolean(), ([rows, columns], s, coarse) => {
        const cost = values(s, rows * columns, -5, 5).map((v) => (coarse ? Math.round(v) : v));
        const chosen = assign(cost, rows, columns);
        expect(new Set(chosen).size).to.equal(rows);
        chosen.forEach((j) => expect(j).to.be.within(0, columns - 1));
        expect(totalOf(cost, columns, chosen)).to.be.closeTo(bruteForce(cost, rows, columns), 1e-9);
      }),
      { numRuns: 300 },
    ));

  it('does not change when a row gets dearer as a whole', () =>
    fc.assert(
      fc.property(seed, (s) => {
        const cost = values(s, 12 * 20, 0, 1);
        const dearer = cost.map((v, i) => v + 10 * Math.floor(i / 20));
        expect(totalOf(cost, 20, assign(dearer, 12, 20))).to.be.closeTo(
          totalOf(cost, 20, assign(cost, 12, 20)),
          1e-9,
        );
      }),
    ));

  it('refuses more rows than columns, and costs that are none', () => {
    expect(() => assign([1, 2], 2, 1)).to.throw(RangeError, 'at most as many rows as columns, got 2 × 1');
    expect(() => assign([1, NaN], 1, 2)).to.throw(RangeError, 'expected finite costs, got NaN');
  });
});

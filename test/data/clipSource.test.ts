import { expect } from 'chai';
import fc from 'fast-check';
import { proceduralSource } from '../../src/data/index.js';

describe('proceduralSource', () => {
  it('gives clips that depend on their number alone', () =>
    fc.assert(
      fc.property(fc.array(fc.nat(50), { maxLength: 3 }), fc.maxSafeNat(), (before, index) => {
        const used = proceduralSource(3);
        for (const other of before) used.clip(other, 2, 12);
        expect(used.clip(index, 2, 12)).to.deep.equal(proceduralSource(3).clip(index, 2, 12));
      }),
      { numRuns: 15 },
    ));

  it('gives other clips for other numbers and seeds', () => {
    const first = (seed: number, index: number): string =>
      String(proceduralSource(seed).clip(index, 1, 8)[0].data);
    expect(new Set([first(1, 0), first(1, 1), first(2, 0), first(2, 1)]).size).to.equal(4);
  });
});

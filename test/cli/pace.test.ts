import { expect } from 'chai';
import fc from 'fast-check';
import { Pace } from '../../src/cli/pace.js';

describe('Pace', () => {
  /** Seconds that parts take, one after the other, after `before` parts that were done at `start`. */
  const after = (start: number, before: number, seconds: readonly number[]): Pace => {
    const pace = new Pace(start, before);
    let now = start;
    seconds.forEach((each, i) => pace.mark((now += each), before + i + 1));
    return pace;
  };

  it('does not count the first part, nor what was done before', () =>
    fc.assert(
      fc.property(
        fc.record({ start: fc.nat(1000), before: fc.nat(1000), first: fc.nat(100), n: fc.integer({ min: 2, max: 300 }) }),
        ({ start, before, first, n }) => {
          const seconds = [first, ...new Array<number>(n - 1).fill(0.25)];
          expect(after(start, before, seconds).secondsPerPart()).to.be.closeTo(0.25, 1e-9);
        },
      ),
    )); // prettier-ignore

  it('is the mean of the second half: slow parts count as often as they come', () => {
    const seconds = Array.from({ length: 400 }, (_, i) => (i % 20 === 19 ? 5 : 1));
    expect(after(0, 0, seconds).secondsPerPart()).to.be.closeTo(1.2, 0.01);
  });

  it('follows when parts become slower', () => {
    const seconds = Array.from({ length: 200 }, (_, i) => (i < 100 ? 1 : 3));
    expect(after(0, 0, seconds).secondsPerPart()).to.be.closeTo(3, 1e-9);
  });

  it('knows nothing but the start after one mark, and nothing before it', () => {
    expect(after(5, 2, [7]).secondsPerPart()).to.equal(7);
    expect(() => new Pace(0, 0).secondsPerPart()).to.throw(RangeError);
  });
});

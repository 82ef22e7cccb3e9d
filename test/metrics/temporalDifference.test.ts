import { expect } from 'chai';
import fc from 'fast-check';
import { type Image, InputError, proceduralSource } from '../../src/data/index.js';
import { temporalDifference } from '../../src/metrics/index.js';
import { noisePicture } from '../data/pictures.js';

/** Of RGB, one step is this much luma. */
const LUMA = 219 / 255;

/** Pictures with room for changes by up to 40, one for each seed. */
const clipOf = (seeds: readonly number[]): Image[] =>
  seeds.map((seed) => {
    const image = noisePicture(seed, 9, 7);
    return { ...image, data: image.data.map((v) => 50 + (v >> 1)) };
  });
const shifted = (image: Image, by: number): Image => ({ ...image, data: image.data.map((v) => v + by) });
/** Different ones: a clip of one picture stands still, as others do. */
const seeds = fc.uniqueArray(fc.nat(), { minLength: 2, maxLength: 5 });

describe('tdE', () => {
  it('is 0 for equal clips, and symmetric', () =>
    fc.assert(
      fc.property(seeds, fc.nat(), (a, b) => {
        const [one, other] = [clipOf(a), clipOf(a.map((seed) => seed + b + 1))];
        expect(temporalDifference(one, one)).to.equal(0);
        expect(temporalDifference(one, other))
          .to.equal(temporalDifference(other, one))
          .and.to.be.greaterThan(0);
      }),
    ));

  it('is 0 for an error that stands still, whatever moves', () =>
    fc.assert(
      fc.property(seeds, fc.integer({ min: -40, max: 40 }), (a, by) => {
        const clip = clipOf(a);
        const off = clip.map((image) => shifted(image, by));
        expect(temporalDifference(off, clip)).to.be.closeTo(0, 1e-10);
      }),
    ));

  it('of a flicker by ±a is 2a, in luma', () =>
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 40 }), (a, by) => {
        const clip = clipOf(a);
        const flickering = clip.map((image, i) => shifted(image, i % 2 === 0 ? by : -by));
        expect(temporalDifference(flickering, clip)).to.be.closeTo(2 * by * LUMA, 1e-10);
      }),
    ));

  it('averages over pairs of frames and over pixels', () => {
    const clip = clipOf([1, 2, 3, 4]);
    const once = clip.map((image, i) => (i < 2 ? image : shifted(image, 30))); // one of three pairs
    expect(temporalDifference(once, clip)).to.be.closeTo(10 * LUMA, 1e-10);
    const corner = clip.map((image, i) => ({
      ...image,
      data: image.data.map((v, j) => (i < 2 || j >= 3 ? v : v + 30)),
    }));
    expect(temporalDifference(corner, clip)).to.be.closeTo((10 * LUMA) / 63, 1e-10);
  });

  it('is what a clip that stands still misses of a moving one', () => {
    const moving = proceduralSource(2).clip(0, 3, 32);
    const still = moving.map(() => moving[0]);
    expect(temporalDifference(still, moving)).to.be.greaterThan(temporalDifference(moving, moving));
    expect(temporalDifference(still, still)).to.equal(0);
  });

  it('refuses clips that cannot be compared', () => {
    const [a, b, c] = clipOf([1, 2, 3]);
    expect(() => temporalDifference([a, b], [a, b, c])).to.throw(InputError, 'got 2 and 3 frames');
    expect(() => temporalDifference([a], [a])).to.throw(InputError, 'at least 2, got 1 and 1 frames');
    const other = noisePicture(1, 7, 9);
    expect(() => temporalDifference([a, other], [a, b])).to.throw(
      InputError,
      'tdE: expected pictures of one',
    );
  });
});

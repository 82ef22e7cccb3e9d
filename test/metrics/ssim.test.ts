import { expect } from 'chai';
import fc from 'fast-check';
import { type Image, InputError } from '../../src/data/index.js';
import { luma, ssim, ssimWindow } from '../../src/metrics/index.js';
import { noisePicture } from '../data/pictures.js';

/** MATLAB's fspecial('gaussian', 11, 1.5), one axis, right half. */
const HALF = [
  0.26601172486179436, 0.2130055377112537, 0.10936068950970002, 0.03600077212843083, 0.007598758135239185,
  0.00102838008447911,
];

/** The definition: one window after the other, weights of both axes at once, centred moments. */
function naive(a: Float64Array, b: Float64Array, width: number): number {
  const height = a.length / width;
  const all: number[] = [];
  for (let y = 5; y < height - 5; y++)
    for (let x = 5; x < width - 5; x++) {
      const mean = (f: (i: number) => number): number => {
        let sum = 0;
        for (let dy = -5; dy <= 5; dy++)
          for (let dx = -5; dx <= 5; dx++)
            sum += HALF[Math.abs(dy)] * HALF[Math.abs(dx)] * f((y + dy) * width + x + dx);
        return sum;
      };
      const [ma, mb] = [mean((i) => a[i]), mean((i) => b[i])];
      const [va, vb] = [mean((i) => (a[i] - ma) ** 2), mean((i) => (b[i] - mb) ** 2)];
      const cov = mean((i) => (a[i] - ma) * (b[i] - mb));
      const l = (2 * ma * mb + 6.5025) / (ma ** 2 + mb ** 2 + 6.5025);
      all.push((l * (2 * cov + 58.5225)) / (va + vb + 58.5225));
    }
  return all.reduce((p, q) => p + q, 0) / all.length;
}

const plane = (image: Image, c: number): Float64Array =>
  Float64Array.from({ length: image.width * image.height }, (_, i) => image.data[3 * i + c]);

const pair = fc
  .tuple(
    fc.nat(),
    fc.integer({ min: 11, max: 16 }),
    fc.integer({ min: 11, max: 16 }),
    fc.integer({ min: 2, max: 255 }),
  )
  .map(([seed, w, h, noise]) => {
    const a = noisePicture(seed, w, h);
    const n = noisePicture(seed + 1, w, h);
    return [a, { ...a, data: a.data.map((v, i) => Math.min(255, v + (n.data[i] % noise))) }] as const;
  });

describe('SeeClear (SSIM): ssim', () => {
  it('has the window of the authors', () => {
    const window = ssimWindow();
    expect(window.length).to.equal(11);
    window.forEach((w, i) => expect(w).to.be.closeTo(HALF[Math.abs(i - 5)], 1e-15));
  });

  it('is its definition', () =>
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const perChannel = [0, 1, 2].map((c) => naive(plane(a, c), plane(b, c), a.width));
        expect(ssim(a, b, 'rgb')).to.be.closeTo(perChannel.reduce((p, q) => p + q) / 3, 1e-9);
        expect(ssim(a, b, 'y')).to.be.closeTo(naive(luma(a), luma(b), a.width), 1e-9);
      }),
      { numRuns: 25 },
    ));

  it('is symmetric, at most 1, and 1 for identical pictures', () =>
    fc.assert(
      fc.property(pair, fc.constantFrom('rgb' as const, 'y' as const), ([a, b], channel) => {
        expect(ssim(a, b, channel)).to.be.closeTo(ssim(b, a, channel), 1e-12);
        expect(ssim(a, b, channel)).to.be.at.most(1 + 1e-12);
        expect(ssim(a, a, channel)).to.be.closeTo(1, 1e-9);
      }),
    ));

  it('refuses different sizes, and pictures without a whole window', () => {
    expect(() => ssim(noisePicture(1, 11, 12), noisePicture(1, 12, 11), 'y')).to.throw(
      InputError,
      '11 x 12 and',
    );
    expect(() => ssim(noisePicture(1, 10, 20), noisePicture(1, 10, 20), 'y')).to.throw(
      InputError,
      'at least 11 x 11 pixels, got 10 x 20',
    );
  });
});

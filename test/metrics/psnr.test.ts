import { expect } from 'chai';
import fc from 'fast-check';
import { type Image, InputError } from '../../src/data/index.js';
import { psnr } from '../../src/metrics/index.js';
import { noisePicture, picture } from '../data/pictures.js';

const shifted = (image: Image, by: (i: number) => number): Image => ({
  ...image,
  data: image.data.map((v, i) => v + by(i)),
});
const grey: Image = { width: 8, height: 6, data: new Uint8Array(144).fill(100) };

describe('SeeClear (PSNR): psnr', () => {
  it('of a constant error e is 20 log10(255 / e)', () => {
    const off = shifted(grey, (i) => (i % 2 === 0 ? 5 : -5));
    expect(psnr(off, grey, 'rgb')).to.be.closeTo(34.15140352195873, 1e-9);
    const brighter = shifted(grey, () => 5); // in luma 5 · 219 / 255
    expect(psnr(brighter, grey, 'y')).to.be.closeTo(34.15140352195873 + 20 * Math.log10(255 / 219), 1e-9);
  });

  it('averages the error over all pixels and channels', () => {
    const red = shifted(grey, (i) => (i % 3 === 0 ? 6 : 0));
    expect(psnr(red, grey, 'rgb')).to.be.closeTo(10 * Math.log10(255 ** 2 / 12), 1e-9);
  });

  it('counts the border', () => {
    const corner = shifted(grey, (i) => (i === 0 ? 12 : 0));
    expect(psnr(corner, grey, 'rgb')).to.be.closeTo(10 * Math.log10(255 ** 2), 1e-9);
  });

  it('is symmetric, and infinite for identical pictures', () =>
    fc.assert(
      fc.property(picture(8), fc.nat(), fc.constantFrom('rgb' as const, 'y' as const), (a, seed, channel) => {
        const b = noisePicture(seed, a.width, a.height);
        expect(psnr(a, b, channel)).to.equal(psnr(b, a, channel));
        expect(psnr(a, a, channel)).to.equal(Infinity);
      }),
    ));

  it('refuses pictures of different sizes', () =>
    expect(() => psnr(grey, noisePicture(1, 6, 8), 'rgb')).to.throw(
      InputError,
      'PSNR: expected pictures of one size, got 8 x 6 and 6 x 8',
    ));
});

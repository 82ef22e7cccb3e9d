import { expect } from 'chai';
import { InputError } from '../../src/data/index.js';
import { clipQuality, psnr, ssim } from '../../src/metrics/index.js';
import { noisePicture } from '../data/pictures.js';

describe('clipQuality', () => {
  const [a, b, c, d] = [1, 2, 3, 4].map((seed) => noisePicture(seed, 12, 13));

  it('is the mean over frames, in order', () => {
    const { perFrame, ...mean } = clipQuality([a, b], [c, d], 'y');
    expect(perFrame).to.deep.equal([
      { psnr: psnr(a, c, 'y'), ssim: ssim(a, c, 'y') },
      { psnr: psnr(b, d, 'y'), ssim: ssim(b, d, 'y') },
    ]);
    expect(mean.psnr).to.be.closeTo((perFrame[0].psnr + perFrame[1].psnr) / 2, 1e-12);
    expect(mean.ssim).to.be.closeTo((perFrame[0].ssim + perFrame[1].ssim) / 2, 1e-12);
  });

  it('refuses clips of different lengths, and empty ones', () => {
    expect(() => clipQuality([a], [a, b], 'rgb')).to.throw(InputError, 'got 1 and 2 frames');
    expect(() => clipQuality([], [], 'rgb')).to.throw(InputError, 'at least 1');
  });
});

import { expect } from 'chai';
import { luma } from '../../src/metrics/index.js';

const lumaOf = (...rgb: number[]): number => luma({ width: 1, height: 1, data: Uint8Array.from(rgb) })[0];

describe('SeeClear (channels): luma', () => {
  it('runs from 16 to 235', () => {
    expect(lumaOf(0, 0, 0)).to.equal(16);
    expect(lumaOf(255, 255, 255)).to.be.closeTo(235, 1e-12);
  });

  it('weighs red, green and blue as BT.601 does, and does not round', () => {
    const weights = [lumaOf(255, 0, 0), lumaOf(0, 255, 0), lumaOf(0, 0, 255)].map((y) => y - 16);
    [65.481, 128.553, 24.966].forEach((w, c) => expect(weights[c]).to.be.closeTo(w, 1e-12));
    [0.299, 0.587, 0.114].forEach((w, c) => expect(weights[c] / 219).to.be.closeTo(w, 1e-9));
  });
});

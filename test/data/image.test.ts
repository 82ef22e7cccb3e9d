import { expect } from 'chai';
import fc from 'fast-check';
import { fromPlanar, toPlanar } from '../../src/data/index.js';
import { picture } from './pictures.js';

describe('image', () => {
  it('comes back from planes unchanged', () =>
    fc.assert(
      fc.property(picture(9), (image) => {
        expect(fromPlanar(toPlanar(image), image.width, image.height)).to.deep.equal(image);
      }),
    ));

  it('puts channel c, row y, column x of [3, h, w] where it belongs', () => {
    const data = Uint8Array.from([0, 51, 102, 153, 204, 255]); // two pixels, one above the other
    const planes = toPlanar({ width: 1, height: 2, data });
    expect([...planes].map((v) => Math.round(v * 10))).to.deep.equal([-10, 2, -6, 6, -2, 10]);
  });

  it('rounds halves up and clips', () => {
    const { data } = fromPlanar([-7, -1.001, 0, -1 / 51, 1.01, 9], 2, 1);
    expect([...data]).to.deep.equal([0, 128, 255, 0, 125, 255]);
  });

  it('refuses NaN and wrong lengths', () => {
    expect(() => fromPlanar([0, NaN, 0], 1, 1)).to.throw(RangeError, 'values[1] is NaN');
    expect(() => fromPlanar([0, 0], 1, 1)).to.throw(RangeError, 'expected 3 · 1 · 1 = 3 values, got 2');
    expect(() => toPlanar({ width: 2, height: 2, data: new Uint8Array(3) })).to.throw(RangeError, '= 12');
  });
});

import { expect } from 'chai';
import fc from 'fast-check';
import { readPng } from '../../src/data/index.js';
import { rgbPixels } from '../../src/data/pngScanlines.js';
import { PNG } from 'pngjs';
import { noisePicture } from './pictures.js';
import { png } from './pngBytes.js';
import { temporaryFolder } from './temporaryFolder.js';

describe('PNG scanlines', () => {
  const { put } = temporaryFolder();

  it('are pixels as pngjs reads them, whatever their filters', () => {
    const types = new Set<number>();
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 9 }),
        fc.nat(),
        (width, filters, seed) => {
          const { data } = noisePicture(seed, width, filters.length);
          const stride = 3 * width;
          const lines = filters.flatMap((type, y) => [type, ...data.subarray(y * stride, (y + 1) * stride)]);
          const file = png({ width, height: filters.length, depth: 8, colorType: 2 }, lines);
          const rgba = [...PNG.sync.read(file).data];
          const expected = rgba.filter((_, i) => i % 4 < 3);
          expect([...rgbPixels(Uint8Array.from(lines), width, filters.length)]).to.deep.equal(expected);
          expect([...readPng(put('x.png', file)).data]).to.deep.equal(expected);
          filters.forEach((type) => types.add(type));
        },
      ),
    );
    expect(types.size).to.equal(5);
  });

  it('have one of five filters', () => {
    expect(() => rgbPixels(Uint8Array.from([5, 1, 2, 3]), 1, 1)).to.throw(RangeError, 'filter type 5');
  });
});

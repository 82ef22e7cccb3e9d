import { expect } from 'chai';
import fc from 'fast-check';
import { augmentClip, type Image, InputError, Random } from '../../src/data/index.js';
import { noisePicture } from './pictures.js';

/** Red holds x, green y, blue the number of the frame. */
const coordinates = (width: number, height: number, frame: number): Image => ({
  width,
  height,
  data: Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return [pixel % width, Math.floor(pixel / width), frame][i % 3];
  }),
});

describe('augmentClip', () => {
  it('cuts, flips and transposes all frames alike, and keeps their order', () =>
    fc.assert(
      fc.property(
        fc.nat(),
        fc.integer({ min: 2, max: 6 }),
        fc.nat(5),
        fc.nat(5),
        (seed, size, moreX, moreY) => {
          const clip = [0, 1, 2].map((f) => coordinates(size + moreX, size + moreY, f));
          const out = augmentClip(clip, size, new Random(seed));
          expect(out.map(({ width, height }) => [width, height])).to.deep.equal(
            [0, 1, 2].map(() => [size, size]),
          );
          const at = (f: number, x: number, y: number): number[] =>
            [...out[f].data].slice((y * size + x) * 3, (y * size + x) * 3 + 2);
          const xs = new Set<number>();
          for (let y = 0; y < size; y++)
            for (let x = 0; x < size; x++) {
              expect(at(1, x, y)).to.deep.equal(at(0, x, y));
              xs.add(at(0, x, y)[0] * 256 + at(0, x, y)[1]);
              // Neighbours stay neighbours.
              const [a, b] = [at(0, x, y), at(0, Math.max(x - 1, 0), y)];
              expect(Math.abs(a[0] - b[0]) + Math.abs(a[1] - b[1])).to.equal(x > 0 ? 1 : 0);
            }
          expect(xs.size).to.equal(size * size);
          out.forEach(({ data }, f) => expect(data[2]).to.equal(f));
        },
      ),
    ));

  it('reaches all eight symmetries and every place', () => {
    const image = coordinates(4, 3, 0);
    const random = new Random(3);
    const results = new Set(
      Array.from({ length: 600 }, () => String(augmentClip([image], 2, random)[0].data)),
    );
    expect(results.size).to.equal(8 * 3 * 2);
  });

  it('leaves the clip as it was', () => {
    const clip = [noisePicture(1, 5, 5)];
    augmentClip(clip, 5, new Random(2))[0].data.fill(0);
    expect(clip).to.deep.equal([noisePicture(1, 5, 5)]);
  });

  it('refuses frames smaller than the cut', () =>
    expect(() => augmentClip([noisePicture(1, 7, 9)], 8, new Random(1))).to.throw(
      InputError,
      'at least 8 x 8 pixels, got 7 x 9',
    ));
});

import { expect } from 'chai';
import fc from 'fast-check';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { degrade, type Image, readPng, upscaleBicubic } from '../../src/data/index.js';
import { resizeTable } from '../../src/tensor/index.js';
import { noisePicture, picture } from './pictures.js';

/** The taps of MATLAB's imresize for x4 down, times 2^12; from k = 0 they start at index -6. */
const TAPS = [-7, -45, -75, -49, 93, 399, 745, 987, 987, 745, 399, 93, -49, -75, -45, -7];

const length = fc.integer({ min: 1, max: 60 });

function apply(x: ArrayLike<number>, outLength: number): number[] {
  const { indices, weights, taps } = resizeTable(x.length, outLength);
  return Array.from({ length: outLength }, (_, k) => {
    let sum = 0;
    for (let j = k * taps; j < (k + 1) * taps; j++) sum += weights[j] * x[indices[j]];
    return sum;
  });
}

const grey = (width: number, height: number, at: (x: number, y: number) => number): Image => ({
  width,
  height,
  data: Uint8Array.from({ length: width * height * 3 }, (_, i) =>
    at(Math.floor(i / 3) % width, Math.floor(i / 3 / width)),
  ),
});

describe('resizeTable', () => {
  it('has rows that add up to 1 and indices inside', () =>
    fc.assert(
      fc.property(length, length, (n, m) => {
        const { indices, weights, taps } = resizeTable(n, m);
        expect(indices.length).to.equal(m * taps);
        expect(weights.length).to.equal(m * taps);
        indices.forEach((i) => expect(i).to.be.within(0, n - 1));
        for (let k = 0; k < m; k++) {
          const sum = weights.subarray(k * taps, (k + 1) * taps).reduce((a, b) => a + b, 0);
          expect(sum).to.be.closeTo(1, 1e-12);
        }
      }),
    ));

  it('keeps straight lines straight away from the borders, by whole ratios', () =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.boolean(), (s, down) => {
        const n = down ? 12 * s : 12;
        const m = down ? 12 : 12 * s;
        const y = apply(
          Array.from({ length: n }, (_, i) => 3 * i + 1),
          m,
        );
        const margin = Math.ceil((2 * Math.max(n, m)) / n) + (down ? 2 : 0);
        for (let k = margin; k < m - margin; k++)
          expect(y[k]).to.be.closeTo(3 * (((k + 0.5) * n) / m - 0.5) + 1, 1e-9);
      }),
    ));

  it('mirrors when its input is mirrored', () =>
    fc.assert(
      fc.property(fc.nat(), length, length, (seed, n, m) => {
        const x = [...noisePicture(seed, n, 1).data].slice(0, n);
        const there = apply(x, m).reverse();
        apply(x.reverse(), m).forEach((v, k) => expect(v).to.be.closeTo(there[k], 1e-9));
      }),
    ));

  it("has MATLAB's 16 taps, exactly, for x4 down", () => {
    const { indices, weights, taps } = resizeTable(80, 20);
    expect(taps).to.equal(16);
    expect([...weights.subarray(16 * 9, 16 * 10)].map((w) => w * 2 ** 12)).to.deep.equal(TAPS);
    expect(indices[16 * 9]).to.equal(4 * 9 - 6);
  });

  it('folds the border about its outer edge', () => {
    const { indices } = resizeTable(80, 20);
    expect([...indices.subarray(0, 8)]).to.deep.equal([5, 4, 3, 2, 1, 0, 0, 1]);
    expect([...indices.subarray(-8)]).to.deep.equal([78, 79, 79, 78, 77, 76, 75, 74]);
  });

  it('changes nothing at ratio 1', () => {
    expect(apply([5, 1, 4], 3)).to.deep.equal([5, 1, 4]);
  });

  it('refuses empty lengths', () => {
    expect(() => resizeTable(0, 4)).to.throw(RangeError, 'got 0');
    expect(() => resizeTable(4, 1.5)).to.throw(RangeError, 'got 1.5');
  });
});

describe('SeeClear (degradation): degrade and upscaleBicubic', () => {
  it('divide and multiply the size, cutting off what is left over', () =>
    fc.assert(
      fc.property(picture(30), fc.integer({ min: 1, max: 4 }), (image, scale) => {
        fc.pre(image.width >= scale && image.height >= scale);
        const [w, h] = [Math.floor(image.width / scale), Math.floor(image.height / scale)];
        const low = degrade(image, scale);
        expect([low.width, low.height, low.data.length]).to.deep.equal([w, h, 3 * w * h]);
        const high = upscaleBicubic(low, scale);
        expect([high.width, high.height]).to.deep.equal([w * scale, h * scale]);
        const cut = grey(w * scale, h * scale, () => 0);
        for (let y = 0; y < cut.height; y++)
          cut.data.set(
            image.data.subarray(y * image.width * 3, (y * image.width + cut.width) * 3),
            y * cut.width * 3,
          );
        expect(degrade(cut, scale)).to.deep.equal(low);
      }),
    ));

  it('keep flat pictures flat', () => {
    const flat = grey(20, 12, () => 173);
    expect([...new Set(degrade(flat).data)]).to.deep.equal([173]);
    expect([...new Set(upscaleBicubic(flat).data)]).to.deep.equal([173]);
  });

  it('round to bytes between the passes, the height first', () => {
    const image = noisePicture(11, 24, 20);
    const column = (source: Image, x: number, c: number): number[] =>
      Array.from({ length: source.height }, (_, y) => source.data[(y * source.width + x) * 3 + c]);
    const byte = (v: number): number => Math.min(Math.max(Math.round(v), 0), 255);
    const low = degrade(image);
    let differ = 0;
    for (let c = 0; c < 3; c++) {
      const tall = Array.from({ length: 24 }, (_, x) => apply(column(image, x, c), 5));
      for (let y = 0; y < 5; y++) {
        const line = (f: (v: number) => number): number[] =>
          apply(
            tall.map((values) => f(values[y])),
            6,
          ).map(byte);
        for (let x = 0; x < 6; x++) {
          const got = low.data[(y * 6 + x) * 3 + c];
          expect(got).to.equal(line(byte)[x]);
          if (got !== line((v) => v)[x]) differ++;
        }
      }
    }
    expect(differ, 'rounding in between made no difference').to.be.greaterThan(0);
  });

  it('round halves up', () => {
    const beyond = TAPS.slice(12).reduce((a, b) => a + b, 0); // of output 3: taps on column 18 and after
    expect(100 + (128 * beyond) / 2 ** 12).to.equal(94.5);
    const step = grey(32, 4, (x) => (x < 18 ? 100 : 228));
    expect(degrade(step).data[3 * 3]).to.equal(95);
  });

  it('refuse sizes and scales that leave nothing', () => {
    expect(() => degrade(grey(3, 8, () => 0))).to.throw(RangeError, 'at least 4 x 4 pixels, got 3 x 8');
    expect(() =>
      upscaleBicubic(
        grey(3, 8, () => 0),
        0,
      ),
    ).to.throw(RangeError, 'got 0');
  });

  it('give every sample of a public low-resolution set', function () {
    const folder = join(process.env.SEECLEAR_SHARED ?? '../shared', 'clips/temple');
    if (!existsSync(folder)) this.skip();
    const low = degrade(readPng(join(folder, 'hr/0001.png')));
    expect(low).to.deep.equal(readPng(join(folder, 'lr_x4/0001.png')));
  });
});

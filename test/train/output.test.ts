import { expect } from 'chai';
import fc from 'fast-check';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Image, InputError, proceduralSource } from '../../src/data/index.js';
import { crop, enlargeNearest, padToMultiple, sideBySide } from '../../src/train/index.js';
import { OutputFolder } from '../../src/train/outputFolder.js';

const picture = (width: number, height: number, seed = 1): Image =>
  crop(proceduralSource(seed).clip(0, 1, Math.max(width, height))[0], width, height);
const pixel = ({ width, data }: Image, x: number, y: number): number[] =>
  [...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)]; // prettier-ignore

describe('padding', () => {
  const sizes = fc.record({
    width: fc.integer({ min: 1, max: 20 }),
    height: fc.integer({ min: 1, max: 20 }),
    multiple: fc.integer({ min: 1, max: 16 }),
  });

  it('is undone by cropping, and reaches the next multiple', () =>
    fc.assert(
      fc.property(sizes, ({ width, height, multiple }) => {
        const image = picture(width, height);
        const padded = padToMultiple(image, multiple);
        for (const [now, before] of [[padded.width, width], [padded.height, height]]) {
          expect(now % multiple).to.equal(0);
          expect(now - before).to.be.within(0, multiple - 1);
        }
        expect(crop(padded, width, height)).to.deep.equal(image);
      }),
    )); // prettier-ignore

  it('mirrors at the edge, again and again', () => {
    const image: Image = { width: 3, height: 1, data: Uint8Array.from([1, 1, 1, 2, 2, 2, 3, 3, 3]) };
    const { width, height, data } = padToMultiple(image, 8);
    expect([width, height]).to.deep.equal([8, 8]);
    expect(Array.from({ length: 8 }, (_, x) => data[3 * x])).to.deep.equal([1, 2, 3, 3, 2, 1, 1, 2]);
    expect(pixel({ width, height, data }, 5, 7)).to.deep.equal([1, 1, 1]);
  });
});

describe('a part of a picture', () => {
  it('has the pixels from its upper left corner on, and ends within', () => {
    const image = picture(6, 5);
    const part = crop(image, 3, 2, 2, 3);
    expect([part.width, part.height, part.data.length]).to.deep.equal([3, 2, 18]);
    for (const [x, y] of [[0, 0], [2, 0], [0, 1], [2, 1]])
      expect(pixel(part, x, y)).to.deep.equal(pixel(image, 2 + x, 3 + y)); // prettier-ignore
    expect(() => crop(image, 3, 3, 2, 3)).to.throw(RangeError, 'a part of 6 x 5, got 3 x 3 at 2, 3');
  });
});

describe('the side-by-side picture', () => {
  it('holds each picture where it belongs, with white between', () => {
    const [a, b] = [picture(5, 4), picture(7, 4, 2)];
    const both = sideBySide([a, b], 2);
    expect([both.width, both.height]).to.deep.equal([14, 4]);
    expect(pixel(both, 4, 3)).to.deep.equal(pixel(a, 4, 3));
    expect(pixel(both, 5, 2)).to.deep.equal([255, 255, 255]);
    expect(pixel(both, 7, 1)).to.deep.equal(pixel(b, 0, 1));
    const large = enlargeNearest(a, 4);
    for (const [x, y] of [[0, 0], [19, 15], [7, 9]])
      expect(pixel(large, x, y)).to.deep.equal(pixel(a, Math.floor(x / 4), Math.floor(y / 4)));
  }); // prettier-ignore
});

describe('an output folder', () => {
  let root: string;
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'out-'))));
  afterEach(() => rmSync(root, { recursive: true }));

  it('knows its finished frames when opened again with the same key', () => {
    OutputFolder.open(root, 'key', false).write([['0.png', picture(8, 8)]]);
    const again = OutputFolder.open(root, 'key', false);
    expect([again.has('0.png'), again.has('1.png')]).to.deep.equal([true, false]);
    expect(readdirSync(root).sort()).to.deep.equal(['0.png', 'seeclear.json']);
  });

  it('keeps what goes with its frames, the last of it', () => {
    const folder = OutputFolder.open(root, 'key', false);
    folder.write([['0.png', picture(8, 8)]], { a: '1' });
    folder.write([], { b: '2' });
    expect(OutputFolder.open(root, 'key', false).memory).to.deep.equal({ b: '2' });
    expect(OutputFolder.open(root, 'other', true).memory).to.deep.equal({});
  });

  it('does not count a frame that was changed or is gone', () => {
    const frames = [['0.png', picture(8, 8)], ['1.png', picture(8, 8)]] as const; // prettier-ignore
    OutputFolder.open(root, 'key', false).write(frames);
    writeFileSync(join(root, '0.png'), 'changed');
    rmSync(join(root, '1.png'));
    const again = OutputFolder.open(root, 'key', false);
    expect([again.has('0.png'), again.has('1.png')]).to.deep.equal([false, false]);
  });

  it('of another key is refused, or with overwrite loses its frames and nothing else', () => {
    OutputFolder.open(root, 'key', false).write([['0.png', picture(8, 8)]]);
    writeFileSync(join(root, 'notes.txt'), 'mine');
    expect(() => OutputFolder.open(root, 'other', false)).to.throw(InputError, '--overwrite');
    expect(existsSync(join(root, '0.png'))).to.equal(true);
    OutputFolder.open(root, 'other', true);
    expect(readdirSync(root).sort()).to.deep.equal(['notes.txt', 'seeclear.json']);
  });

  it('with a forged manifest deletes nothing outside', () => {
    const outside = join(root, 'outside.txt');
    writeFileSync(outside, 'mine');
    const inner = join(root, 'inner');
    OutputFolder.open(inner, 'key', false);
    writeFileSync(
      join(inner, 'seeclear.json'),
      JSON.stringify({ key: 'k', frames: { '../outside.txt': '' } }),
    );
    OutputFolder.open(inner, 'other', true);
    expect(existsSync(outside)).to.equal(true);
  });
});

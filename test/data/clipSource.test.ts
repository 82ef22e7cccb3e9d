import { expect } from 'chai';
import fc from 'fast-check';
import {
  type ClipSource,
  folderSource,
  type Image,
  InputError,
  proceduralSource,
  writePng,
} from '../../src/data/index.js';
import { FrameCache } from '../../src/data/frameCache.js';
import { noisePicture } from './pictures.js';
import { temporaryFolder } from './temporaryFolder.js';

/** A clip depends on its number alone: not on what was asked before, nor on the object asked. */
function expectPure(make: () => ClipSource, frames: number, size: number): void {
  fc.assert(
    fc.property(fc.array(fc.nat(50), { maxLength: 3 }), fc.maxSafeNat(), (before, index) => {
      const used = make();
      for (const other of before) used.clip(other, frames, size);
      expect(used.clip(index, frames, size)).to.deep.equal(make().clip(index, frames, size));
    }),
    { numRuns: 15 },
  );
}

describe('proceduralSource', () => {
  it('is pure', () => expectPure(() => proceduralSource(3), 2, 12));

  it('gives other clips for other numbers and seeds', () => {
    const first = (seed: number, index: number): string =>
      String(proceduralSource(seed).clip(index, 1, 8)[0].data);
    expect(new Set([first(1, 0), first(1, 1), first(2, 0), first(2, 1)]).size).to.equal(4);
  });
});

describe('folderSource', () => {
  const { path, put } = temporaryFolder();
  /** Frame `f` of video `v`: red is v, green is f, blue is noise. */
  const frame = (v: number, f: number, side: number): Image => {
    const image = noisePicture(f, side, side);
    image.data.forEach((_, i) => i % 3 < 2 && (image.data[i] = i % 3 === 0 ? v : f));
    return image;
  };
  before(() => {
    put('videos/readme.txt', '');
    put('videos/empty/readme.txt', '');
    for (const [v, frames] of [4, 7, 2].entries())
      for (let f = 0; f < frames; f++) {
        put(`videos/v${v}/${f + 8}.png`, '');
        writePng(path(`videos/v${v}/${f + 8}.png`), frame(v, f, 9));
      }
    put('both/a/1.png', '');
    put('both/1.png', '');
    put('none/readme.txt', '');
  });

  it('is pure, even when the cache holds next to nothing', () => {
    expectPure(() => folderSource(path('videos'), 5), 3, 6);
    expect(folderSource(path('videos'), 5, 0).clip(9, 3, 6)).to.deep.equal(
      folderSource(path('videos'), 5).clip(9, 3, 6),
    );
  });

  it('gives consecutive frames of one video, every run sooner or later', () => {
    const source = folderSource(path('videos'), 1);
    const runs = new Set<string>();
    for (let index = 0; index < 150; index++) {
      const clip = source.clip(index, 3, 6);
      const [v, f] = clip[0].data;
      clip.forEach(({ data }, k) => expect([data[0], data[1]]).to.deep.equal([v, f + k]));
      runs.add(`${v} ${f}`);
    }
    expect([...runs].sort()).to.deep.equal(['0 0', '0 1', '1 0', '1 1', '1 2', '1 3', '1 4']);
  });

  it('takes one folder of frames as one video', () => {
    const [{ data }] = folderSource(path('videos/v1'), 1).clip(0, 7, 9);
    expect([...data.subarray(0, 2)]).to.deep.equal([1, 0]);
  });

  it('says what it lacks', () => {
    expect(() => folderSource(path('none'), 1)).to.throw(InputError, 'got no *.png');
    expect(() => folderSource(path('both'), 1)).to.throw(InputError, 'got both');
    expect(() => folderSource(path('videos'), 1).clip(0, 8, 6)).to.throw(
      InputError,
      'at least 8 frames, got 7',
    );
    expect(() => folderSource(path('videos'), 1).clip(0, 3, 10)).to.throw(InputError, 'at least 10 x 10');
  });
});

describe('FrameCache', () => {
  it('keeps the frames used last, up to its limit in bytes', () => {
    const loads: string[] = [];
    const cache = new FrameCache(2 * 12, (path) => {
      loads.push(path);
      return noisePicture(1, 2, path === 'large' ? 9 : 2);
    });
    for (const path of ['a', 'b', 'a', 'c', 'a', 'b', 'b']) cache.read(path);
    expect(loads.join(' ')).to.equal('a b c b');
    cache.read('large');
    cache.read('large');
    expect(loads.slice(4).join(' ')).to.equal('large large');
  });
});

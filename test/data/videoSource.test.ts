import { expect } from 'chai';
import fc from 'fast-check';
import {
  degrade,
  type Image,
  InputError,
  pairedDataset,
  type PairSource,
  recogniseDataset,
  videoSource,
  type VideoSourceOptions,
  writePng,
} from '../../src/data/index.js';
import { noisePicture } from './pictures.js';
import { temporaryFolder } from './temporaryFolder.js';

describe('videoSource', () => {
  const { path, put } = temporaryFolder();
  const write = (name: string, image: Image): void => writePng(put(name, ''), image);
  /** Frame `f` of video `v`: red is v, green is f, blue is noise. */
  const frame = (v: number, f: number, width: number, height: number): Image => {
    const image = noisePicture(f, width, height);
    image.data.forEach((_, i) => i % 3 < 2 && (image.data[i] = i % 3 === 0 ? v : f));
    return image;
  };
  const options: VideoSourceOptions = { seed: 5, cacheBytes: 2 ** 20, shrink: 1 };
  const source = (name: string, more: Partial<VideoSourceOptions> = {}): PairSource =>
    videoSource(path(name), recogniseDataset(path(name)).videos('train'), { ...options, ...more });
  /** Video and frame numbers of a clip. */
  const numbers = (from: PairSource, index: number, frames: number, least?: number): string =>
    from
      .pair(index, frames, 8, least)
      .hr.map(({ data }) => `${data[0]}.${data[1]}`)
      .join(' ');

  before(() => {
    for (const [v, frames] of [4, 7, 2].entries())
      for (let f = 0; f < frames; f++) write(`videos/v${v}/${f + 8}.png`, frame(v, f, 9, 9));
    for (let f = 0; f < 7; f++) write(`septuplet/im${f + 1}.png`, frame(0, f, 8, 8));
    for (let f = 0; f < 2; f++) {
      const hr = noisePicture(f, 24, 17);
      write(`pairs/hr/${f}.png`, hr);
      write(`pairs/lr_x4/${f}.png`, degrade(hr));
      write(`wrong/hr/${f}.png`, hr);
      write(`wrong/lr_x4/${f}.png`, noisePicture(f, 6, 3));
    }
  });

  it('gives clips that depend on their number alone, however little the cache holds', () =>
    fc.assert(
      fc.property(fc.array(fc.nat(50), { maxLength: 3 }), fc.maxSafeNat(), (before, index) => {
        const used = source('videos');
        for (const other of before) used.pair(other, 3, 8);
        const clip = used.pair(index, 3, 8);
        expect(clip).to.deep.equal(source('videos').pair(index, 3, 8));
        expect(clip).to.deep.equal(source('videos', { cacheBytes: 0 }).pair(index, 3, 8));
      }),
      { numRuns: 15 },
    ));

  it('gives consecutive frames of one video, every run equally often', () => {
    const from = source('videos');
    const counts = new Map<string, number>();
    for (let index = 0; index < 700; index++) {
      const run = numbers(from, index, 3);
      counts.set(run, (counts.get(run) ?? 0) + 1);
    }
    const runs = [
      '0.0 0.1 0.2',
      '0.1 0.2 0.3',
      ...[0, 1, 2, 3, 4].map((f) => `1.${f} 1.${f + 1} 1.${f + 2}`),
    ];
    expect([...counts.keys()].sort()).to.deep.equal(runs.sort());
    for (const count of counts.values()) expect(Math.abs(count - 100)).to.be.below(50); // five standard deviations
  });

  it('continues a video backwards that is long enough for one clip, but not for two', () => {
    const from = source('septuplet');
    const all = '0.0 0.1 0.2 0.3 0.4 0.5 0.6 0.6 0.5 0.4 0.3 0.2 0.1 0.0'.split(' ');
    const seen = new Set(Array.from({ length: 80 }, (_, index) => numbers(from, index, 10, 5)));
    const wanted = [0, 1, 2, 3, 4].map((start) => all.slice(start, start + 10).join(' '));
    expect([...seen].sort()).to.deep.equal(wanted.sort());
  });

  it('degrades HR frames that stand alone, after the cut', () => {
    const { hr, lr } = source('videos').pair(3, 2, 8);
    expect(lr).to.deep.equal(hr.map((image) => degrade(image)));
  });

  it('cuts LR frames of their own where it cuts the HR frames', () => {
    // Red tells where a pixel of either is from: HR 16 · (y/4) + x/4, LR the same of its own coordinates.
    const place = (width: number, height: number, scale: number): Image => ({
      width,
      height,
      data: Uint8Array.from({ length: width * height * 3 }, (_, i) => {
        const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
        return 16 * Math.floor((y * scale) / 4) + Math.floor((x * scale) / 4);
      }),
    });
    write('places/hr/0.png', place(42, 33, 1));
    write('places/lr_x4/0.png', place(10, 8, 4));
    const from = source('places');
    const seen = new Set<string>();
    for (let index = 0; index < 100; index++) {
      const { hr, lr } = from.pair(index, 1, 16);
      const corner = (image: Image, step: number): number[] =>
        Array.from({ length: 16 }, (_, i) => {
          const [x, y] = [step * (i % 4), step * Math.floor(i / 4)];
          return image.data[3 * (y * image.width + x)];
        });
      expect(corner(lr[0], 1)).to.deep.equal(corner(hr[0], 4));
      seen.add(corner(lr[0], 1).join());
    }
    expect(seen.size).to.be.greaterThan(40);
  });

  it('takes LR frames as they are, not what it would make', () => {
    const dataset = pairedDataset(path('pairs/hr'), path('pairs/lr_x4'));
    const [video] = dataset.videos('train');
    expect([video.length, video.lr?.(1)]).to.deep.equal([2, path('pairs/lr_x4/1.png')]);
    const { hr, lr } = videoSource('pairs', [video], options).pair(1, 2, 16);
    expect([hr.length, hr[0].width, lr.length, lr[0].width]).to.deep.equal([2, 16, 2, 4]);
    expect(lr).not.to.deep.equal(hr.map((image) => degrade(image))); // other pixels lie beyond the borders
  });

  it('makes HR frames smaller first, by BI, if told so', () => {
    const large = noisePicture(9, 16, 16);
    write('square/0.png', large);
    const [cut] = source('square', { shrink: 2 }).pair(0, 1, 8).hr;
    const sorted = ({ data }: Image): Uint8Array => data.slice().sort();
    expect(sorted(cut)).to.deep.equal(sorted(degrade(large, 2)));
  });

  it('says what it lacks, and where', () => {
    expect(() => source('videos').pair(0, 8, 8)).to.throw(InputError, 'at least 8 frames, got 7');
    expect(() => source('septuplet').pair(0, 16, 8, 8)).to.throw(InputError, 'at least 8 frames, got 7');
    expect(() => source('videos').pair(0, 3, 12)).to.throw(
      InputError,
      /v\d.8\.png: expected frames of at least 12 x 12 pixels, got 9 x 9/,
    );
    expect(() => source('wrong').pair(0, 1, 8)).to.throw(
      InputError,
      /lr_x4.0\.png: expected a frame 4 times smaller than .*hr.0\.png, of 24 x 17, got 6 x 3/,
    );
    expect(() => source('pairs', { shrink: 2 })).to.throw(InputError, 'got LR frames too');
    put('damaged/0.png', 'no picture');
    expect(() => source('damaged').pair(0, 1, 8)).to.throw(InputError, 'damaged/0.png: expected a PNG file');
  });
});

import { expect } from 'chai';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError, listFrames, proceduralSource, readClip, writePng } from '../../src/data/index.js';
import {
  bicubic,
  checkFrames,
  compare,
  type Comparison,
  comparison,
  heldOutPair,
  meanOf,
  qualities,
  storedPairs,
  upscaleFolder,
  upscalePair,
} from '../../src/train/index.js';
import { fakeModel } from './support/fakeModel.js';

describe('evaluation', () => {
  let root: string;
  const at = (...parts: string[]): string => join(root, ...parts);
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'seeclear-'))));
  afterEach(() => rmSync(root, { recursive: true }));
  /** Three frames of size x size. */
  const write = (folder: string, size: number): void => {
    mkdirSync(folder, { recursive: true });
    proceduralSource(1).clip(0, 3, size).forEach((frame, i) => writePng(join(folder, `${i}.png`), frame)); // prettier-ignore
  };

  it('is of the pixels that a folder is upscaled to, the memory among it, beside bicubic', async () => {
    const pair = heldOutPair(0, 7, 32);
    mkdirSync(at('lr'));
    pair.lr.forEach((frame, i) => writePng(at('lr', `${i}.png`), frame));
    for (const overlap of [0, 2]) {
      const options = { seed: 4, overlap };
      const out = at(`out ${overlap}`);
      const frames = checkFrames(listFrames(at('lr')));
      await upscaleFolder(fakeModel(true), frames, out, { ...options, overwrite: false, weights: '' });
      expect(await compare(fakeModel(true), pair, options)).to.deep.equal({
        name: pair.name,
        frames: 7,
        ours: qualities(readClip(listFrames(out)), pair.hr),
        bicubic: qualities(bicubic(pair.lr, 0), pair.hr),
      });
    }
  });

  it('of the mean of several samples, each with its own seed', async () => {
    const pair = heldOutPair(0, 2, 32);
    const [one, other] = await Promise.all(
      [2 ** 32 - 1, 0].map((seed) => upscalePair(fakeModel(true), pair, { seed })),
    );
    const options = { seed: 2 ** 32 - 1, samples: 2 };
    const mean = await upscalePair(fakeModel(true), pair, options);
    mean.forEach(({ data }, frame) =>
      data.forEach((v, i) => expect(2 * v - one[frame].data[i] - other[frame].data[i]).to.be.within(-2, 2)),
    );
    expect(one).to.not.deep.equal(other);
    expect(await compare(fakeModel(true), pair, options)).to.deep.equal(comparison(pair, mean));
  });

  it('has no temporal difference of a single frame, and means of those that have one', () => {
    const row = (frames: number): Comparison => {
      const { hr, lr } = heldOutPair(1, frames, 32);
      const bad = qualities(bicubic(lr, 0), hr);
      return { name: '', frames, ours: qualities(hr, hr), bicubic: bad };
    };
    const [one, three] = [row(1), row(3)];
    expect([one.bicubic.tdE, three.ours.tdE]).to.deep.equal([undefined, 0]);
    expect(three.bicubic.tdE).to.be.greaterThan(0);
    expect(meanOf([one, three]).bicubic.tdE).to.equal(three.bicubic.tdE);
    expect(meanOf([one]).bicubic.tdE).to.equal(undefined);
    expect(meanOf([one, three]).bicubic.y.psnr).to.be.closeTo(
      (one.bicubic.y.psnr + three.bicubic.y.psnr) / 2,
      1e-12,
    );
  });

  it('knows the files of LR frames, or of those that they are made from', () => {
    write(at('plain'), 16);
    write(at('both', 'hr'), 16);
    write(at('both', 'lr_x4'), 4);
    const names = (folder: string): string[] => [0, 1].map((i) => join(folder, `${i}.png`));
    const paths = (folder: string): (readonly string[])[] =>
      storedPairs(folder, 2).map((load) => load().paths);
    expect(paths(at('plain'))).to.deep.equal([names(at('plain'))]);
    expect(paths(at('both'))).to.deep.equal([names(at('both', 'lr_x4'))]);
  });

  it('takes the test split of a data set, and several videos of one folder', () => {
    const [clips, folders] = [['000', '001', '011'], ['a', 'b']]; // prettier-ignore
    for (const clip of clips) {
      write(at('reds', 'train_sharp', clip), 16);
      write(at('reds', 'train_sharp_bicubic', 'X4', clip), clip === '011' ? 5 : 4);
    }
    for (const folder of folders) write(at('videos', folder), 16);
    const [first, second] = storedPairs(at('reds'));
    const { name, hr, lr } = first();
    expect([name, hr.length, lr[0].width]).to.deep.equal([at('reds', 'train_sharp', '000'), 3, 4]);
    expect(lr).to.deep.equal(proceduralSource(1).clip(0, 3, 4));
    expect(second).to.throw(
      InputError,
      /011: expected HR frames 4 times as large as LR frames, got 16 x 16 and 5 x 5/,
    );
    expect(storedPairs(at('videos')).map((load) => load().name)).to.deep.equal(
      folders.map((f) => at('videos', f)),
    );
  });
});

import { expect } from 'chai';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listFrames, proceduralSource, readClip, writePng } from '../../src/data/index.js';
import {
  bicubic,
  checkFrames,
  compare,
  type Comparison,
  folderPair,
  heldOutPair,
  meanOf,
  qualities,
  upscaleFolder,
} from '../../src/train/index.js';
import { fakeModel } from './support/fakeModel.js';

describe('evaluation', () => {
  let root: string;
  const at = (...parts: string[]): string => join(root, ...parts);
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'seeclear-'))));
  afterEach(() => rmSync(root, { recursive: true }));

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
    const write = (folder: string, size: number): void => {
      mkdirSync(folder, { recursive: true });
      proceduralSource(1).clip(0, 3, size).forEach((frame, i) => writePng(join(folder, `${i}.png`), frame)); // prettier-ignore
    };
    write(at('plain'), 16);
    write(at('both', 'hr'), 16);
    write(at('both', 'lr_x4'), 4);
    const names = (folder: string): string[] => [0, 1].map((i) => join(folder, `${i}.png`));
    expect(folderPair(at('plain'), 2).paths).to.deep.equal(names(at('plain')));
    expect(folderPair(at('both'), 2).paths).to.deep.equal(names(at('both', 'lr_x4')));
  });
});

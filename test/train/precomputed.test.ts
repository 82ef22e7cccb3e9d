import { expect } from 'chai';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError, proceduralSource, readClip, writePng } from '../../src/data/index.js';
import { precomputed } from '../../src/train/index.js';

describe('SeeClear (line 1): enlarged frames from a folder', () => {
  let root: string;
  let large: string;
  const lr = ['a.PNG', 'b.png', 'c.png'].map((name) => join('lr', name));
  const frames = proceduralSource(2).clip(0, 3, 32);
  const paths = (): string[] => ['a', 'b', 'c'].map((name) => join(large, `${name}.png`));
  const refused = (message: string): void =>
    void expect(() => precomputed(large, lr, 8, 8)).to.throw(InputError, message);

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'seeclear-'));
    large = join(root, 'large');
    mkdirSync(large);
    paths().forEach((path, i) => writePng(path, frames[i]));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('are found by their place in the video', () => {
    const { enlarge } = precomputed(large, lr, 8, 8);
    const small = proceduralSource(2).clip(0, 2, 8);
    expect(enlarge(small, 1)).to.deep.equal(readClip(paths().slice(1)));
  });

  it('have a hash that tells them from others', () => {
    const { digest } = precomputed(large, lr, 8, 8);
    expect(precomputed(large, lr, 8, 8).digest).to.equal(digest);
    writePng(paths()[2], frames[0]);
    expect(precomputed(large, lr, 8, 8).digest).not.to.equal(digest);
  });

  it('must be as many', () => {
    rmSync(paths()[1]);
    refused('for each of the 3 LR frames, got 2');
    expect(() => precomputed(large, lr.slice(0, 1), 8, 8)).to.throw(InputError, 'of the 1 LR frames, got 2');
    expect(() => precomputed(large, lr.slice(0, 1), 8, 8, 1)).not.to.throw();
  });

  it('must have the names of the LR frames', () => {
    renameSync(paths()[2], join(large, 'd.png'));
    refused('expected frame 2 to be named c.png as in the LR video, got d.png');
  });

  it('must be four times as large, all of them', () => {
    expect(() => precomputed(large, lr, 8, 9)).to.throw(InputError, 'expected frames of 32 x 36');
    writePng(paths()[1], proceduralSource(2).clip(0, 1, 16)[0]);
    refused('b.png: expected 32 x 32 pixels');
  });

  it('must be pictures', () => {
    writeFileSync(paths()[1], 'no picture');
    refused('b.png');
  });
});

import { expect } from 'chai';
import { basename } from 'node:path';
import { InputError, listFrames, readClip, writePng } from '../../src/data/index.js';
import { noisePicture } from './pictures.js';
import { temporaryFolder } from './temporaryFolder.js';

describe('folder', () => {
  const { path, put } = temporaryFolder();

  it('lists frames in natural order, and nothing else', () => {
    for (const name of [
      '10.png',
      '2.png',
      'a1.PNG',
      '01.png',
      '1.png',
      '.2.png',
      'notes.txt',
      'sub.png/1.png',
    ])
      put(`clip/${name}`, '');
    const names = listFrames(path('clip')).map((file) => basename(file));
    expect(names).to.deep.equal(['01.png', '1.png', '2.png', '10.png', 'a1.PNG']);
  });

  it('says what is wrong with a folder', () => {
    put('empty/notes.txt', '');
    const file = put('file.png', '');
    expect(() => listFrames(path('missing'))).to.throw(
      InputError,
      'missing: expected a folder, got nothing of',
    );
    expect(() => listFrames(file)).to.throw(InputError, 'expected a folder, got a file');
    expect(() => listFrames(path('empty'))).to.throw(InputError, 'got no *.png in it');
  });

  it('reads frames of one size, and names both when they differ', () => {
    const [a, b, c] = ['a.png', 'b.png', 'c.png'].map(path);
    const [first, second] = [noisePicture(1, 4, 3), noisePicture(2, 4, 3)];
    writePng(a, first);
    writePng(b, second);
    writePng(c, noisePicture(3, 3, 4));
    expect(readClip([a, b])).to.deep.equal([first, second]);
    expect(() => readClip([a, b, c])).to.throw(
      InputError,
      `${c}: expected 4 x 3 pixels as in ${a}, got 3 x 4`,
    );
    expect(() => readClip([])).to.throw(InputError, 'at least one frame');
  });
});

import { expect } from 'chai';
import { relative } from 'node:path';
import { type Dataset, InputError, recogniseDataset, type Split, videosOf } from '../../../src/data/index.js';
import { temporaryFolder } from '../temporaryFolder.js';

describe('recogniseDataset', () => {
  const { path, put } = temporaryFolder();
  const frames = (
    folder: string,
    count: number,
    name = (i: number): string => String(i).padStart(8, '0'),
  ): void => {
    for (let i = 0; i < count; i++) put(`${folder}/${name(i)}.png`, '');
  };
  const names = (dataset: Dataset, split: Split): string[] => dataset.videos(split).map(({ name }) => name);
  /** Frame `i` of a video: HR, and LR if it has it, from the temporary folder. */
  const frame = (dataset: Dataset, split: Split, video: number, i: number): string[] => {
    const { hr, lr } = dataset.videos(split)[video];
    return [hr(i), ...(lr ? [lr(i)] : [])].map((file) => relative(path('.'), file));
  };

  it('REDS: trains without REDS4, which is its test split', () => {
    for (const clip of ['000', '001', '011', '015', '020', '239']) frames(`reds/train_sharp/${clip}`, 2);
    frames('reds/val_sharp/000', 3);
    const reds = recogniseDataset(path('reds'));
    expect(reds.kind).to.equal('REDS');
    expect(names(reds, 'train')).to.deep.equal(['train_sharp/001', 'train_sharp/239']);
    expect(names(reds, 'val')).to.deep.equal(['val_sharp/000']);
    expect(names(reds, 'test')).to.deep.equal(
      ['000', '011', '015', '020'].map((clip) => `train_sharp/${clip}`),
    );
    expect(frame(reds, 'train', 0, 1)).to.deep.equal(['reds/train_sharp/001/00000001.png']);
  });

  it('REDS: with LR frames, and in folders of its own for each archive', () => {
    frames('reds-x4/train/train_sharp/001', 2);
    frames('reds-x4/train/train_sharp_bicubic/X4/001', 2);
    const reds = recogniseDataset(path('reds-x4'));
    expect(frame(reds, 'train', 0, 1)).to.deep.equal([
      'reds-x4/train/train_sharp/001/00000001.png',
      'reds-x4/train/train_sharp_bicubic/X4/001/00000001.png',
    ]);
    expect([names(reds, 'val'), names(reds, 'test')]).to.deep.equal([[], []]);
    frames('reds-x4/train/train_sharp_bicubic/X4/001', 3);
    expect(() => reds.videos('train')).to.throw(InputError, /X4.001: expected 2 LR frames.*got 3/);
  });

  it('Vimeo-90K: septuplets by its lists', () => {
    put('vimeo/sep_trainlist.txt', '00001/0001\r\n00001/0003\n\n');
    put('vimeo/sep_testlist.txt', '00002/0007\n');
    frames('vimeo/sequences/00001/0001', 7, (i) => `im${i + 1}`);
    const vimeo = recogniseDataset(path('vimeo'));
    expect(vimeo.kind).to.equal('Vimeo-90K');
    expect(names(vimeo, 'train')).to.deep.equal(['00001/0001', '00001/0003']);
    expect(names(vimeo, 'test')).to.deep.equal(['00002/0007']);
    expect(names(vimeo, 'val')).to.deep.equal([]);
    expect(vimeo.videos('train').map(({ length }) => length)).to.deep.equal([7, 7]);
    expect(frame(vimeo, 'train', 1, 6)).to.deep.equal(['vimeo/sequences/00001/0003/im7.png']);
  });

  it('Vimeo-90K: LR frames as BasicSR and as MMagic have them', () => {
    put('basicsr/vimeo_septuplet/sep_trainlist.txt', '00001/0001');
    put('basicsr/vimeo_septuplet/sequences/00001/0001/im1.png', '');
    put('basicsr/vimeo_septuplet_matlabLRx4/sequences/00001/0001/im1.png', '');
    put('mmagic/sep_trainlist.txt', '00001/0001');
    put('mmagic/GT/00001/0001/im1.png', '');
    put('mmagic/BIx4/00001/0001/im1.png', '');
    expect(frame(recogniseDataset(path('basicsr/vimeo_septuplet')), 'train', 0, 0)).to.deep.equal([
      'basicsr/vimeo_septuplet/sequences/00001/0001/im1.png',
      'basicsr/vimeo_septuplet_matlabLRx4/sequences/00001/0001/im1.png',
    ]);
    expect(frame(recogniseDataset(path('mmagic')), 'train', 0, 0)).to.deep.equal([
      'mmagic/GT/00001/0001/im1.png',
      'mmagic/BIx4/00001/0001/im1.png',
    ]);
  });

  it('Vimeo-90K: a list that is missing or no list', () => {
    const vimeo = recogniseDataset(path('mmagic'));
    expect(() => vimeo.videos('test')).to.throw(
      InputError,
      /sep_testlist\.txt: expected the list .* got ENOENT/,
    );
    put('mmagic/sep_testlist.txt', '00001/0001\n../../etc\n');
    expect(() => vimeo.videos('test')).to.throw(InputError, "got '../../etc'");
  });

  it('Vid4 and REDS4: test splits alone', () => {
    for (const [clip, length] of [['calendar', 2], ['city', 3], ['foliage', 2], ['walk', 2]] as const) {
      frames(`vid4/GT/${clip}`, length);
      frames(`vid4/BIx4/${clip}`, length);
    } // prettier-ignore
    const vid4 = recogniseDataset(path('vid4'));
    expect([vid4.kind, names(vid4, 'train')]).to.deep.equal(['Vid4', []]);
    expect(names(vid4, 'test')).to.deep.equal(
      ['calendar', 'city', 'foliage', 'walk'].map((clip) => `GT/${clip}`),
    );
    expect(frame(vid4, 'test', 1, 2)).to.deep.equal([
      'vid4/GT/city/00000002.png',
      'vid4/BIx4/city/00000002.png',
    ]);
    expect(() => videosOf('vid4', vid4, 'train')).to.throw(
      InputError,
      "vid4: expected Vid4 with a split 'train'",
    );
    frames('reds4/GT/000', 1);
    frames('reds4/sharp_bicubic/000', 1);
    const reds4 = recogniseDataset(path('reds4'));
    expect([reds4.kind, ...frame(reds4, 'test', 0, 0)]).to.deep.equal([
      'REDS4',
      'reds4/GT/000/00000000.png',
      'reds4/sharp_bicubic/000/00000000.png',
    ]);
  });

  it('pairs: frames, or folders of frames, in hr and lr_x4', () => {
    frames('one/hr', 2);
    frames('one/lr_x4', 2);
    for (const clip of ['a', 'b']) for (const part of ['hr', 'lr_x4']) frames(`many/${part}/${clip}`, 1);
    const [one, many] = [recogniseDataset(path('one')), recogniseDataset(path('many'))];
    expect([one.kind, names(one, 'test'), names(many, 'train')]).to.deep.equal(['pairs', [''], ['a', 'b']]);
    expect(frame(one, 'train', 0, 1)).to.deep.equal(['one/hr/00000001.png', 'one/lr_x4/00000001.png']);
    expect(frame(many, 'test', 1, 0)).to.deep.equal(['many/hr/b/00000000.png', 'many/lr_x4/b/00000000.png']);
    frames('half/lr_x4', 1);
    expect(() => recogniseDataset(path('half'))).to.throw(InputError, 'got lr_x4 only');
    frames('mixed/hr', 1);
    frames('mixed/lr_x4/a', 1);
    expect(() => recogniseDataset(path('mixed'))).to.throw(
      InputError,
      /lr_x4: expected LR frames.*got folders/,
    );
  });

  it('plain videos: one folder of frames, or several, in natural order', () => {
    for (const clip of ['10', '2']) frames(`plain/${clip}`, 2);
    put('plain/readme.txt', '');
    put('plain/empty/readme.txt', '');
    const plain = recogniseDataset(path('plain'));
    expect([plain.kind, names(plain, 'train'), names(plain, 'test')]).to.deep.equal([
      'videos',
      ['2', '10'],
      ['2', '10'],
    ]);
    const one = recogniseDataset(path('plain/2'));
    expect([names(one, 'val'), frame(one, 'val', 0, 1)]).to.deep.equal([[''], ['plain/2/00000001.png']]);
  });

  it('says what is wrong with a folder', () => {
    put('none/readme.txt', '');
    put('both/1.png', '');
    frames('both/a', 1);
    expect(() => recogniseDataset(path('none'))).to.throw(InputError, 'got no *.png');
    expect(() => recogniseDataset(path('both'))).to.throw(InputError, 'got both');
    expect(() => recogniseDataset(path('missing'))).to.throw(
      InputError,
      'missing: expected a folder, got nothing',
    );
    expect(() => recogniseDataset(path('missing.mp4'))).to.throw(
      InputError,
      'missing.mp4: expected a folder',
    );
  });
});

import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataOf } from '../../src/cli/dataOption.js';
import { UsageError } from '../../src/cli/errors.js';
import { framesOf, proceduralSource, readClip, unpackVideos, writePng } from '../../src/data/index.js';
import { CpuBackend } from '../../src/tensor/index.js';
import { loadCheckpoint, makeModel, modelSpec, saveWeights } from '../../src/train/index.js';
import { leastFields } from '../train/support/leastModel.js';
import { run } from './run.js';

describe('--data', () => {
  it('names sources, their LR frames, how far to shrink them, and weights', () => {
    expect(dataOf([])).to.deep.equal([{ source: 'procedural', weight: 1 }]);
    expect(dataOf(['reds/,weight=0.7', 'procedural,weight=.3', 'clips,shrink=2'])).to.deep.equal([
      { source: 'reds/', weight: 0.7 },
      { source: 'procedural', weight: 0.3 },
      { source: 'clips', shrink: 2, weight: 1 },
    ]);
    expect(dataOf(['hr, all/,weight=2,lr=lr, all=1/'])).to.deep.equal([
      { source: 'hr, all/', lr: 'lr, all=1/', weight: 2 },
    ]);
  });

  it('refuses what makes no sense, in one line', () => {
    for (const text of [
      '',
      ',weight=1',
      'a,weight=0',
      'a,weight=x',
      'a,weight=1,weight=2',
      'a,shrink=0',
      'a,shrink=1.5',
      'a,lr=',
      'a,lr=b,shrink=2',
      'procedural,lr=b',
      'procedural,shrink=2',
    ])
      // prettier-ignore
      expect(() => dataOf([text]), text).to.throw(UsageError, /^--data: expected [^\n]*$/);
  });
});

describe('data on disk', () => {
  let root: string;
  let saved: [string | undefined, string | undefined];
  const at = (...parts: string[]): string => join(root, ...parts);
  const bare = ['attention', 'semantic', 'mfsa', 'incam', 'category'].map((p) => `components.${p}=false`);
  before(async () => {
    root = mkdtempSync(join(tmpdir(), 'seeclear-'));
    saved = [process.env.SEECLEAR_CACHE, process.env.PATH];
    process.env.SEECLEAR_CACHE = at('cache');
    mkdirSync(at('videos'));
    writeFileSync(at('videos', 'a.mp4'), 'no video');
    for (const clip of ['000', '001']) {
      mkdirSync(at('reds', 'train_sharp', clip), { recursive: true });
      proceduralSource(1).clip(0, 3, 32).forEach((frame, i) => writePng(at('reds', 'train_sharp', clip, `${i}.png`), frame)); // prettier-ignore
    }
    const spec = modelSpec('tiny', [...bare, 'window=1', 'diffusion.T=2']);
    const params = makeModel(spec).draw(new CpuBackend(), 0);
    await saveWeights(at('weights.safetensors'), spec, params, { half: false, provenance: {} });
  });
  after(() => {
    rmSync(root, { recursive: true });
    if (saved[0] === undefined) delete process.env.SEECLEAR_CACHE;
    else process.env.SEECLEAR_CACHE = saved[0];
  });
  afterEach(() => (process.env.PATH = saved[1]));
  const common = (): string[] => ['--device', 'cpu', '--weights', at('weights.safetensors')];

  for (const [name, argv] of [
    ['upscale', () => ['upscale', at('videos', 'a.mp4'), '-o', at('out'), ...common()]],
    ['eval', () => ['eval', at('videos'), ...common()]],
    ['train', () => ['train', '--data', at('videos'), '--out', at('out'), '--device', 'cpu']],
  ] as const)
    it(`${name}: a video and no ffmpeg: status 3, one line that says what to install, and nothing written`, async () => {
      process.env.PATH = '';
      const { status, out, err } = await run(argv());
      expect([status, out, err.length]).to.deep.equal([3, [], 1]);
      expect(err[0]).to.match(/a\.mp4: expected the program ffmpeg, .* install ffmpeg/);
      expect(existsSync(at('out'))).to.equal(false);
    });

  it('upscale: a video file from a folder of frames: status 2', async () => {
    const { status, err } = await run(['upscale', at('reds'), '-o', at('out.mp4'), ...common()]);
    expect([status, err.length]).to.deep.equal([2, 1]);
    expect(err[0]).to.include('IN is no video file');
  });

  it('train: says what it found, mixes, and keeps the sources for --resume', async () => {
    const fields = [...leastFields, ...bare].flatMap((field) => ['--set', field]);
    const { status, err } = await run([
      'train', '--out', at('run'), '--device', 'cpu', '--workers', '1', '--preset', 'tiny', ...fields, '--steps', '2',
      '--batch', '1', '--frames', '2', '--crop', '32', '--data', `${at('reds')},weight=3`, '--data', 'procedural',
    ]); // prettier-ignore
    expect(status, err.join('\n')).to.equal(0);
    const found = `data: 3 ${at('reds')} (REDS, 1 to train on) + 1 procedural(seed=0)`;
    expect(err).to.include(found);
    expect(loadCheckpoint(at('run', 'checkpoint.safetensors')).config.data).to.deep.equal([
      { source: at('reds'), weight: 3 },
      { source: 'procedural', weight: 1 },
    ]);
    const again = await run(['train', '--out', at('run'), '--device', 'cpu', '--workers', '1', '--resume']);
    expect([again.status, again.err.includes(found)]).to.deep.equal([0, true]);
  });

  it('upscale: a video file to a video file of four times its size, and its frames are gone then', async function () {
    try {
      execFileSync('ffmpeg', ['-version'], { stdio: 'ignore' });
    } catch {
      this.skip();
    }
    mkdirSync(at('small'));
    proceduralSource(1).clip(0, 3, 16).forEach((frame, i) => writePng(at('small', `${i}.png`), frame)); // prettier-ignore
    execFileSync('ffmpeg', ['-v', 'error', '-framerate', '12', '-i', at('small', '%d.png'), '-c:v', 'png', at('small.mkv')]); // prettier-ignore
    const out = at('large.mp4');
    const upscale = (): ReturnType<typeof run> =>
      run(['upscale', at('small.mkv'), '-o', out, '--json', ...common()]);
    const first = await upscale();
    expect(first.status, first.err.join('\n')).to.equal(0);
    expect(JSON.parse(first.out[0])).to.include({ out, written: 3, width: 64, height: 64 });
    expect(existsSync(`${out}.frames`)).to.equal(false);
    await unpackVideos([out]);
    const frames = readClip(framesOf(out));
    expect([frames.length, frames[0].width]).to.deep.equal([3, 64]);
    const bytes = readFileSync(out);
    const second = await upscale();
    expect([second.status, second.err.length]).to.deep.equal([3, 1]);
    expect(second.err[0]).to.match(/large\.mp4: expected no file of that name.*--overwrite/);
    expect(readFileSync(out).equals(bytes)).to.equal(true);
  });
});

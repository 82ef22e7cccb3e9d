import { expect } from 'chai';
import { appendFileSync, existsSync, readdirSync, readFileSync, utimesSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import {
  framesOf,
  type Image,
  InputError,
  readClip,
  recogniseDataset,
  unpackVideos,
  writePng,
} from '../../../src/data/index.js';
import { noisePicture } from '../pictures.js';
import { temporaryFolder } from '../temporaryFolder.js';
import { onlyPrograms, program } from './fakeFfmpeg.js';

/** With a shell script in ffmpeg's place, which does not decode but counts and prints. */
describe('unpackVideos', function () {
  if (process.platform === 'win32') return;
  const { path, put } = temporaryFolder();
  let test = 0;
  const at = (name: string): string => path(`${test}/${name}`);
  const here = (name: string, text = ''): string => put(`${test}/${name}`, text);
  const frames: Image[] = [1, 2, 3].map((seed) => noisePicture(seed, 6, 5));
  onlyPrograms(() => {
    test++;
    here('bin/none');
    return { programs: at('bin'), cache: at('cache') };
  });

  /** An ffmpeg that prints the frames, as many of them as given, and then does what the script says. */
  function ffmpeg(count = frames.length, script = ''): void {
    const files = frames.slice(0, count).map((frame, i) => {
      writePng(here(`frames/${i}.png`), frame);
      return at(`frames/${i}.png`);
    });
    program(
      here,
      'bin/ffmpeg',
      `echo "$@" >> ${at('calls')}; echo $$ > ${at('group')}\n/bin/cat ${files.join(' ')} /dev/null\n${script}`,
    );
  }
  const calls = (): string[] =>
    existsSync(at('calls')) ? readFileSync(at('calls'), 'utf8').trim().split('\n') : [];
  const stored = (): string[] => (existsSync(at('cache/frames')) ? readdirSync(at('cache/frames')) : []);
  const failure = (...paths: string[]): Promise<unknown> =>
    unpackVideos(paths).catch((error: unknown) => error);
  const expectInputError = (error: unknown, message: RegExp): void => {
    expect(error).to.be.instanceOf(InputError).with.property('message').that.matches(message);
    expect((error as Error).message).not.to.include('\n');
  };

  it('makes frames of a video once, and again when it has changed', async () => {
    ffmpeg();
    const video = here('a.mp4', 'one');
    const counted: [string, number][] = [];
    await unpackVideos([video], (...report) => counted.push(report));
    expect(counted).to.deep.equal([1, 2, 3].map((n) => [video, n]));
    const files = framesOf(video);
    expect(files.map((file) => basename(file))).to.deep.equal([
      '00000000.png',
      '00000001.png',
      '00000002.png',
    ]);
    expect(readClip(files)).to.deep.equal(frames);
    await unpackVideos([video]);
    expect(calls().length).to.equal(1);
    appendFileSync(video, 'two');
    expect(() => framesOf(video)).to.throw(InputError, 'a.mp4: expected its frames in');
    await unpackVideos([video]);
    expect(calls().length).to.equal(2);
  });

  it('takes a folder of video files for as many videos', async () => {
    ffmpeg(2);
    const folder = dirname(here('videos/b.MOV', 'b'));
    here('videos/a.webm', 'a');
    here('videos/notes.txt');
    await unpackVideos([folder, at('nothing'), here('frames.txt')]);
    expect(calls().map((call) => basename(/-i (\S+)/.exec(call)![1]))).to.deep.equal(['a.webm', 'b.MOV']);
    const videos = recogniseDataset(folder).videos('train');
    expect(videos.map(({ name, length }) => [name, length])).to.deep.equal([['a.webm', 2], ['b.MOV', 2]]); // prettier-ignore
    expect(readClip([videos[1].hr(1)])).to.deep.equal([frames[1]]);
    expect(recogniseDataset(at('videos/a.webm')).videos('test')[0].length).to.equal(2);
  });

  it('says what to install where there is no ffmpeg', async () => {
    const video = here('a.mp4');
    expectInputError(await failure(video), /a\.mp4: expected the program ffmpeg.*apt install ffmpeg/);
    expect(stored()).to.deep.equal([]);
  });

  it('needs none for folders of frames', async () => {
    here('clip/0.png');
    await unpackVideos([at('clip')]);
    expect(framesOf(at('clip'))).to.deep.equal([at('clip/0.png')]);
  });

  it('leaves nothing of a video that cannot be decoded, and says what ffmpeg says', async () => {
    ffmpeg(2, 'echo "first" >&2; echo "moov atom not found" >&2; exit 1');
    expectInputError(await failure(here('a.mp4')), /a\.mp4: expected a video .*error 'moov atom not found'/);
    ffmpeg(0);
    expectInputError(await failure(here('b.mp4')), /b\.mp4: expected a video, got no frame/);
    ffmpeg(1, '/bin/sleep 600 & /bin/cat /dev/zero'); // ends with the stream that nobody takes
    expectInputError(await failure(here('c.mp4')), /c\.mp4: /);
    expect(stored()).to.deep.equal([]);
  });

  it('ends, and ends ffmpeg, when it is told so', async () => {
    ffmpeg(3, 'exec /bin/sleep 600');
    const video = here('a.mp4');
    const end = unpackVideos([video], (_, n) => n === 2 && expect.fail('enough')) as Promise<unknown>;
    expect(await end.catch((error: unknown) => (error as Error).message)).to.equal('enough');
    const group = Number(readFileSync(at('group'), 'utf8'));
    const alive = (): boolean => {
      try {
        return process.kill(-group, 0);
      } catch {
        return false;
      }
    };
    // A process that was killed is there until somebody has asked for its status.
    for (let i = 0; alive() && i < 100; i++) await setTimeout(50);
    expect(alive()).to.equal(false);
    expect(stored()).to.deep.equal([]);
  });

  describe('in a stated room', () => {
    const hours = (folder: string, ago: number): void => {
      const then = new Date(Date.now() - ago * 3_600_000);
      utimesSync(dirname(framesOf(folder)[0]), then, then);
    };
    const bytes = (video: string): number =>
      framesOf(video).reduce((sum, file) => sum + readFileSync(file).length, 0);
    const limit = (n: number): void => {
      process.env.SEECLEAR_CACHE_GIB = String(n / 2 ** 30);
    };

    it('deletes the frames used last, and no others', async () => {
      ffmpeg();
      const [a, b, c] = ['a', 'b', 'c'].map((name) => here(`${name}.mp4`, name));
      const theirs = here('cache/frames/theirs/thesis.txt', 'years');
      await unpackVideos([a, b]);
      hours(a, 1);
      hours(b, 2);
      limit(2.5 * bytes(a));
      await unpackVideos([c]);
      expect(stored().map((name) => name[0])).to.have.members(['a', 'c', 't']);
      await unpackVideos([a]); // used now
      hours(c, 1);
      await unpackVideos([b]);
      expect(stored().map((name) => name[0])).to.have.members(['a', 'b', 't']);
      expect(readFileSync(theirs, 'utf8')).to.equal('years');
    });

    it('refuses what does not fit, and keeps what it needs', async () => {
      ffmpeg();
      const [a, b] = ['a', 'b'].map((name) => here(`${name}.mp4`, name));
      await unpackVideos([a]);
      limit(1.5 * bytes(a));
      expectInputError(
        await failure(a, b),
        /b\.mp4: expected its frames to fit in 0\.0 GiB.*SEECLEAR_CACHE_GIB/,
      );
      expect(stored().map((name) => name[0])).to.deep.equal(['a']);
      process.env.SEECLEAR_CACHE_GIB = 'much';
      expectInputError(await failure(b), /SEECLEAR_CACHE_GIB: expected a number of GiB, got 'much'/);
    });

    it('says so where it cannot write', async () => {
      ffmpeg();
      process.env.SEECLEAR_CACHE = here('file');
      expectInputError(
        await failure(here('a.mp4')),
        /frames: expected a folder to keep frames.*SEECLEAR_CACHE/,
      );
    });
  });
});

import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import {
  encodeVideo,
  frameRate,
  framesOf,
  InputError,
  proceduralSource,
  readClip,
  unpackVideos,
  writePng,
} from '../../../src/data/index.js';
import { psnr } from '../../../src/metrics/index.js';
import { temporaryFolder } from '../temporaryFolder.js';

/** Skipped where ffmpeg is not installed. */
describe('the system’s ffmpeg', () => {
  const { path, put } = temporaryFolder();
  const frames = proceduralSource(4).clip(0, 6, 64);
  const ffmpeg = (...args: string[]): void => {
    execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...args]);
  };
  const input = (): string[] => ['-framerate', '30000/1001', '-i', path('frames/%08d.png')];
  let cache: string | undefined;

  before(function () {
    try {
      execFileSync('ffmpeg', ['-version'], { stdio: 'ignore' });
    } catch {
      this.skip();
    }
    cache = process.env.SEECLEAR_CACHE;
    process.env.SEECLEAR_CACHE = path('cache');
    frames.forEach((frame, i) => writePng(put(`frames/${String(i).padStart(8, '0')}.png`, ''), frame));
  });
  after(() => {
    if (cache === undefined) delete process.env.SEECLEAR_CACHE;
    else process.env.SEECLEAR_CACHE = cache;
  });

  it('gives back every pixel of a lossless video', async () => {
    const video = path('lossless.mkv');
    ffmpeg(...input(), '-c:v', 'png', video);
    await unpackVideos([video]);
    expect(readClip(framesOf(video))).to.deep.equal(frames);
  });

  it('gives every frame once, also where frames last differently long', async () => {
    const video = path('variable.mkv');
    const gaps = 'setpts=PTS+floor(N/3)*0.5/TB';
    ffmpeg(...input(), '-vf', gaps, '-fps_mode', 'passthrough', '-c:v', 'png', video);
    await unpackVideos([video]);
    expect(readClip(framesOf(video))).to.deep.equal(frames);
  });

  it('refuses a damaged video, and names it', async () => {
    const video = path('damaged.mkv');
    ffmpeg(...input(), '-c:v', 'png', video);
    const bytes = readFileSync(video);
    bytes.fill(0x5a, 20_000, 20_100);
    writeFileSync(video, bytes);
    const error: unknown = await unpackVideos([video]).catch((e: unknown) => e);
    expect(error).to.be.instanceOf(InputError).with.property('message').that.includes('damaged.mkv: ');
    expect(readdirSync(path('cache/frames')).filter((name) => name.startsWith('damaged'))).to.deep.equal([]);
  });

  it('writes a video of the same rate, with the sound of another', async function () {
    const sound = path('sound.mp4');
    const tone = ['-f', 'lavfi', '-i', 'sine=frequency=440:duration=0.2'];
    ffmpeg(...input(), ...tone, '-c:v', 'mpeg4', '-c:a', 'aac', sound);
    const rate = await frameRate(sound);
    expect(rate).to.equal('30000/1001');
    const output = path('out.mp4');
    await encodeVideo({ frames: path('frames'), rate, sound, output });
    expect(await frameRate(output)).to.equal(rate);
    const streams = execFileSync('ffprobe', ['-v', 'error', '-show_entries', 'stream=codec_type', '-of', 'csv=p=0', output]); // prettier-ignore
    expect(streams.toString().trim().split(/\s+/).sort()).to.deep.equal(['audio', 'video']);
    await unpackVideos([output]);
    const seen = readClip(framesOf(output));
    expect(seen.length).to.equal(frames.length);
    seen.forEach((frame, i) => expect(psnr(frame, frames[i], 'y')).to.be.greaterThan(32));
    expect(readdirSync(path('.')).filter((name) => name.includes('.tmp'))).to.deep.equal([]);
  });

  it('leaves no file behind when it fails', async () => {
    const output = path('failed.mp4');
    const encoding = { frames: path('none'), rate: '25/1', sound: path('lossless.mkv'), output };
    const error: unknown = await encodeVideo(encoding).catch((e: unknown) => e);
    expect(error).to.be.instanceOf(InputError).with.property('message').that.includes('failed.mp4: ');
    expect(readdirSync(path('.')).filter((name) => /failed|\.tmp/.test(name))).to.deep.equal([]);
  });
});

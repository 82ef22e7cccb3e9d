import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { proceduralSource, writePng } from '../../src/data/index.js';
import { run } from './run.js';

const training = ['plan', 'train', '--preset', 'tiny', '--batch', '1', '--crop', '32', '--frames', '2', '--steps', '8,4,4', '--device', 'cpu']; // prettier-ignore

describe('seeclear plan', () => {
  let root: string;
  before(() => {
    root = mkdtempSync(join(tmpdir(), 'seeclear-'));
    proceduralSource(1)
      .clip(0, 3, 40)
      .forEach((frame, i) => writePng(join(root, `${i}.png`), frame));
  });
  after(() => rmSync(root, { recursive: true }));

  it('says what a training run takes, without a device', async () => {
    const { status, out } = await run(training);
    expect(status).to.equal(0);
    expect(out[0]).to.match(/^memory: [\d.]+ MiB of buffers, the largest [\d.]+ MiB$/);
    expect(out.slice(1).map((line) => line.split(/ {2,}/).slice(0, 2))).to.deep.equal([
      ['condenser', '8 times'],
      ['memory', '2 times'],
      ['memory, second clips', '2 times'],
      ['joint', '2 times'],
      ['joint, second clips', '2 times'],
    ]);
  });

  it('plans less memory and more work with --checkpointing', async () => {
    const planned = async (...more: string[]): Promise<{ bytes: number; work: { multiplyAdds: number }[] }> =>
      JSON.parse((await run([...training, '--json', ...more])).out.join()) as never;
    const [kept, again] = [await planned(), await planned('--checkpointing')];
    expect(again.bytes).to.be.below(kept.bytes);
    expect(again.work[0].multiplyAdds).to.be.above(1.05 * kept.work[0].multiplyAdds);
  });

  it('plans less memory, and less to move, in half precision', async () => {
    const planned = async (...more: string[]): Promise<{ bytes: number; work: { bytesMoved: number }[] }> => {
      const size = ['--size', '64x64', '--frames', '5', '--device', 'cpu'];
      return JSON.parse((await run(['plan', 'upscale', ...size, '--json', ...more])).out.join()) as never;
    };
    const [single, half] = [await planned(), await planned('--precision', 'f16')];
    expect(half.bytes).to.be.below(0.7 * single.bytes);
    expect(half.work[0].bytesMoved).to.be.below(0.6 * single.work[0].bytesMoved);
  });

  it('plans a training run in half precision', async () => {
    const bytes = async (...more: string[]): Promise<number> =>
      (
        JSON.parse(
          (await run([...training, '--crop', '128', '--steps', '3,0,0', '--json', ...more])).out.join(),
        ) as {
          bytes: number;
        }
      ).bytes;
    expect(await bytes('--precision', 'f16')).to.be.below(0.85 * (await bytes()));
  });

  it('plans a folder of frames as it plans their number and size', async () => {
    const folder = await run(['plan', 'upscale', root, '--device', 'cpu']);
    const size = await run(['plan', 'upscale', '--size', '40x40', '--frames', '3', '--device', 'cpu']);
    expect(folder.status).to.equal(0);
    expect(folder.out).to.deep.equal(size.out);
    expect(folder.out[1]).to.match(/^clip of 3 frames  1 times/);
  });

  it('refuses what does not fit, with numbers; and so do train and upscale, before they write anything', async () => {
    const planned = await run([...training, '--memory', '1MB']);
    expect([planned.status, planned.err.at(-1)]).to.satisfy(
      ([status, line]: [number, string]) =>
        status === 4 &&
        /^seeclear plan: needs [\d.]+ MiB of buffers, and --memory allows 1.0 MiB; use /.test(line),
    );
    const out = join(root, 'out');
    const trained = await run(['train', ...training.slice(2), '--out', out, '--memory', '1MB']);
    expect([trained.status, trained.err.length]).to.deep.equal([4, 1]);
    const upscaled = await run(['upscale', root, '-o', out, '--device', 'cpu', '--memory', '1MB']);
    expect([upscaled.status, upscaled.err.length]).to.deep.equal([4, 1]);
    expect(upscaled.err[0]).to.match(/^seeclear upscale: needs /);
  });

  it('says what it wants to be told', async () => {
    for (const [argv, message] of [
      [['plan'], "expected one of train, upscale, got 'undefined'"],
      [['plan', 'upscale'], 'expected a video, or both --size WxH and --frames N'],
      [['plan', 'upscale', '--size', '40', '--frames', '3'], "--size: expected WIDTHxHEIGHT, got '40'"],
      [[...training, '--memory', 'much'], "--memory: expected a number with MB, MiB, GB or GiB, got 'much'"],
    ] as const) {
      const { status, err } = await run(argv);
      expect(status).to.equal(2);
      expect(err[0]).to.include(message);
    }
  });
});

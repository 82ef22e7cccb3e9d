import { expect } from 'chai';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { proceduralSource, readPng, upscaleBicubic, writePng } from '../../src/data/index.js';
import { fourStepDiffusion, makeSchedule } from '../../src/diffusion/index.js';
import { CpuBackend } from '../../src/tensor/index.js';
import { checkFrames, type TrainedModel, upscaleFolder } from '../../src/train/index.js';

describe('SeeClear (lines 1, 4, 45), (clip length): a video, clip by clip', () => {
  let root: string;
  before(() => (root = mkdtempSync(join(tmpdir(), 'seeclear-'))));
  after(() => rmSync(root, { recursive: true }));

  it('gives the network five frames at once, and each frame is the result of its own enlarged LR frame', async () => {
    const frames = proceduralSource(3).clip(0, 7, 8);
    mkdirSync(join(root, 'in'));
    const paths = frames.map((_, i) => join(root, 'in', `${i}.png`));
    frames.forEach((frame, i) => writePng(paths[i], frame));
    const clips = new Set<number>();
    const model: TrainedModel = {
      backend: new CpuBackend(),
      schedule: makeSchedule(fourStepDiffusion),
      multiple: 4,
      largestTensor: (height, width) => height * width,
      predict: ({ upscaled, t }) => {
        clips.add(t.length);
        return upscaled;
      },
    };
    const options = { seed: 1, overwrite: false, weights: '' };
    const { written } = await upscaleFolder(model, checkFrames(paths), join(root, 'out'), options);
    expect([written, [...clips]]).to.deep.equal([7, [5]]);
    expect(readdirSync(join(root, 'out')).filter((name) => name.endsWith('.png')).length).to.equal(7);
    frames.forEach((frame, i) =>
      expect(readPng(join(root, 'out', `${i}.png`)).data, `frame ${i}`).to.deep.equal(
        upscaleBicubic(frame, 4).data,
      ),
    );
  });
});

import { expect } from 'chai';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Image, InputError, readPng, writePng } from '../../src/data/index.js';
import { CpuBackend, leaves } from '../../src/tensor/index.js';
import {
  batchShapeAt,
  bestFile,
  checkpointFile,
  heldOutPair,
  loadCheckpoint,
  loadWeights,
  makeModel,
  prepareBatch,
  readRecords,
  sampleFile,
  type StageConfig,
  trainingClips,
  trainingRun,
  trainState,
  type TrainState,
  Validation,
  validationFile,
  type ValidationRecord,
} from '../../src/train/index.js';
import { validationClips } from '../../src/train/validationClips.js';
import { leastRun } from './support/leastRun.js';

const stage = (steps: number): StageConfig => ({ steps, lr: 3e-3, lrEnd: 1e-3 });
const by = { every: 2, source: 'procedural', videos: 1, frames: 2, size: 32, samplingSteps: 1 };
const config = leastRun(
  { condenser: stage(3), memory: stage(0), joint: stage(2) },
  { warmup: 0, emaDecay: 0.5, validation: by },
);

describe('Validation', () => {
  let root: string;
  const backend = new CpuBackend();
  const model = makeModel(config.model);
  const source = trainingClips(config.data, config.seed);
  const first = (): TrainState => trainState(model.draw(backend, config.seed));
  const at = (folder: string): string => join(root, folder);

  /** @param stop the run ends after this step; one that is killed there had its last checkpoint a step before */
  const train = async (folder: string, state: TrainState, { stop = Infinity, validated = true } = {}): Promise<TrainState> => {
    const validation = validated
      ? Validation.of({ backend, model, config, folder: at(folder), half: false }, state.step)
      : undefined;
    return trainingRun(
      {
        backend, model, config, folder: at(folder), saveEvery: 100,
        batch: (step) => Promise.resolve(prepareBatch(source, step, batchShapeAt(config, step))),
        async afterStep(_, now) {
          const before = backend.memory();
          await validation?.after(now);
          expect(backend.memory()).to.deep.equal(before);
        },
        shouldStop: ({ step }) => step >= stop,
      },
      state,
    );
  }; // prettier-ignore
  const records = (folder: string): Omit<ValidationRecord, 'seconds'>[] =>
    readRecords<ValidationRecord>(validationFile(at(folder))).map(({ seconds, ...rest }) => {
      expect(seconds).to.be.above(0);
      return rest;
    });
  const numbers = (tree: object): Promise<[string, number[]][]> =>
    Promise.all(leaves(tree).map(async ([path, leaf]) => [path, [...(await leaf.read())]]));

  before(() => (root = mkdtempSync(join(tmpdir(), 'validation-'))));
  after(() => rmSync(root, { recursive: true }));

  it('leaves the bits of the training and the memory of the device as they are', async () => {
    const plain = await numbers(await train('plain', first(), { validated: false }));
    expect(existsSync(validationFile(at('plain')))).to.equal(false);
    expect(await numbers(await train('straight', first()))).to.deep.equal(plain);
  }).timeout(240_000);

  it('takes place as often as asked, and after the last step, beside bicubic, with its settings', () => {
    const found = records('straight');
    expect(found.map(({ step }) => step)).to.deep.equal([2, 4, 5]);
    for (const { ours, bicubic, by: settings } of found) {
      expect(settings).to.deep.equal(by);
      expect(bicubic).to.deep.equal(found[0].bicubic);
      for (const scores of [ours, bicubic]) {
        expect(scores.psnr).to.be.within(5, 60);
        expect(scores.ssim).to.be.within(0, 1);
        expect(scores.tdE).to.be.above(0);
      }
    }
    expect(new Set(found.map(({ ours }) => ours.psnr)).size).to.equal(3);
  });

  it('keeps the average of the weights if and only if it is better than all before', async () => {
    let best = -Infinity;
    for (const { ours, best: kept } of records('straight')) {
      expect(kept).to.equal(ours.psnr > best);
      best = Math.max(best, ours.psnr);
    }
    const { step } = records('straight').findLast((record) => record.best)!;
    const weights = loadWeights(bestFile(at('straight')));
    expect([weights.provenance.steps, Number(weights.provenance.psnr)]).to.deep.equal([String(step), best]);
    const { average } = await train('again', first(), { stop: step, validated: false });
    const { condenser } = model.load(backend, weights);
    const [got, wanted] = [await numbers(condenser), await numbers(average)];
    got.forEach(([path, values], i) => {
      expect(path).to.equal(wanted[i][0]);
      expect(values).to.deep.equal(wanted[i][1].map(Math.fround));
    });
  }).timeout(240_000);

  it('of a resumed run are those of one that was not interrupted, also when it had gone on after its checkpoint', async () => {
    await train('resumed', first(), { stop: 3 });
    const checkpoint = readFileSync(checkpointFile(at('resumed')));
    await train('resumed', model.restore(backend, loadCheckpoint(checkpointFile(at('resumed')))), { stop: 4 });
    expect(records('resumed').map(({ step }) => step)).to.deep.equal([2, 4]);
    writeFileSync(checkpointFile(at('resumed')), checkpoint); // as if it had been killed before the next one
    await train('resumed', model.restore(backend, loadCheckpoint(checkpointFile(at('resumed')))));
    expect(records('resumed')).to.deep.equal(records('straight'));
    for (const path of [bestFile, (folder: string) => sampleFile(folder, 4)])
      expect(readFileSync(path(at('resumed'))).equals(readFileSync(path(at('straight'))))).to.equal(true);
  }).timeout(240_000); // prettier-ignore

  it('shows LR, bicubic, ours and HR of a frame side by side', () => {
    const { width, height, data } = readPng(sampleFile(at('straight'), 5));
    expect([width, height]).to.deep.equal([4 * 32 + 3 * 4, 32]);
    const [, truth] = heldOutPair(0, 2, 32).hr;
    const right = Array.from({ length: 32 }, (_, y) => [...data.subarray(3 * (y * width + width - 32), 3 * (y + 1) * width)]);
    expect(right.flat()).to.deep.equal([...truth.data]);
  }); // prettier-ignore
});

describe('validationClips', () => {
  let root: string;
  before(() => (root = mkdtempSync(join(tmpdir(), 'clips-'))));
  after(() => rmSync(root, { recursive: true }));

  const write = (video: string, frames: readonly Image[]): void => {
    mkdirSync(join(root, video), { recursive: true });
    frames.forEach((frame, i) => writePng(join(root, video, `${i}.png`), frame));
  };

  it('takes the middle of large frames, HR and LR alike, and no more videos and frames than asked', () => {
    const whole = heldOutPair(0, 3, 100);
    for (const video of ['b', 'a', 'c']) write(video, whole.hr);
    const pairs = validationClips({ source: root, videos: 2, frames: 2, size: 40 });
    expect(pairs.map(({ name }) => name)).to.deep.equal([join(root, 'a'), join(root, 'b')]);
    const [{ hr, lr }] = pairs;
    expect([hr.length, lr.length]).to.deep.equal([2, 2]);
    const pixel = ({ data, width }: Image, x: number, y: number): number[] => [
      ...data.subarray(3 * (y * width + x), 3 * (y * width + x) + 3),
    ];
    // 25 of LR pixels become 10: 7 are left out before them.
    for (const [x, y] of [[0, 0], [9, 3], [4, 9]]) {
      expect(pixel(lr[1], x, y)).to.deep.equal(pixel(whole.lr[1], x + 7, y + 7));
      expect(pixel(hr[1], 4 * x, 4 * y)).to.deep.equal(pixel(whole.hr[1], 4 * (x + 7), 4 * (y + 7)));
    } // prettier-ignore
  });

  it('takes a folder of frames as one video, whole if it is small, and refuses one without any', () => {
    const { hr } = heldOutPair(1, 2, 32);
    write('single', hr);
    const [pair, ...more] = validationClips({ source: join(root, 'single'), videos: 9, frames: 9, size: 64 });
    expect([pair.hr.length, pair.hr[0], more]).to.deep.equal([2, hr[0], []]);
    expect(() => validationClips({ source: join(root, 'none'), videos: 1, frames: 1, size: 64 })).to.throw(
      InputError,
    );
  });
});

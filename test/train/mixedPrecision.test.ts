/** Training with weights and activations in f16, against the same in f32. */
import { expect } from 'chai';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Backend, CpuBackend, type ElementType, free, leaves } from '../../src/tensor/index.js';
import { perturbed } from '../../src/trace/index.js';
import {
  batchShapeAt, checkpointFile, loadCheckpoint, makeModel, metricsFile, prepareBatch, type StageName, stageNames,
  stateHash, type StepRecord, type StepReport, trainingClips, trainingRun, type TrainConfig, trainState,
  type TrainState, trainStep,
} from '../../src/train/index.js'; // prettier-ignore
import { afterOverflow, afterStep, firstLossScale } from '../../src/train/lossScale.js';
import { onHalf } from '../support/half.js';
import { leastModel } from './support/leastModel.js';

const frames = 2;
const stage = { steps: 2, lr: 1e-3, lrEnd: 1e-4 };
const config: TrainConfig = {
  model: leastModel(), data: 'procedural', seed: 7, stages: { condenser: stage, memory: stage, joint: stage },
  batch: 1, frames, crop: 32, warmup: 1, clipNorm: 1, emaDecay: 0.9, precision: 'f16', origins: {},
}; // prettier-ignore
const model = makeModel(config.model);
const source = trainingClips('procedural', 1);
const batch = prepareBatch(source, 0, { clips: 1, frames, crop: 32, carried: true });

/** Nothing is zero, so everything has a gradient. */
function start(backend: Backend, precision: ElementType, scale?: number): TrainState {
  const drawn = model.draw(backend, 1);
  const state = trainState(perturbed(drawn, 1), precision);
  free(drawn);
  return scale === undefined ? state : { ...state, lossScale: { scale, steady: 0 } };
}

/** A step, and the hash of what it leaves but for the loss scale. */
async function stepped(
  backend: Backend,
  state: TrainState,
  stage: StageName = 'joint',
): Promise<{ report: StepReport; hash: string; next: TrainState }> {
  const options = { seed: 1, frames, stage, lr: 1e-3, clipNorm: 1, emaDecay: 0.9 };
  const { state: next, report } = await trainStep(model, backend, state, batch, options);
  return { report, hash: await stateHash({ ...next, lossScale: firstLossScale }), next };
}

describe('the loss scale', () => {
  it('doubles after 2000 good steps, up to 2²⁴, and halves after an overflow, down to 1', () => {
    let now = firstLossScale;
    for (let step = 1; step < 2000; step++) now = afterStep(now);
    expect(now).to.deep.equal({ scale: 2 ** 16, steady: 1999 });
    expect(afterStep(now)).to.deep.equal({ scale: 2 ** 17, steady: 0 });
    expect(afterOverflow(now)).to.deep.equal({ scale: 2 ** 15, steady: 0 });
    expect(afterStep({ scale: 2 ** 24, steady: 5000 }).scale).to.equal(2 ** 24);
    expect(afterOverflow({ scale: 1, steady: 3 })).to.equal(undefined);
  });
});

describe('training in half precision', () => {
  it('is training in f32 bit for bit where f16 rounds nothing, on the CPU: a scale costs no rounding', async () => {
    const backend = new CpuBackend();
    for (const stage of stageNames) {
      const single = await stepped(backend, start(backend, 'f32'), stage);
      const half = await stepped(backend, start(backend, 'f16'), stage);
      expect(half.report).to.deep.equal({ ...single.report, scale: 2 ** 16 });
      expect(half.hash).to.equal(single.hash);
      expect(half.next.lossScale).to.deep.equal({ scale: 2 ** 16, steady: 1 });
    }
  }).timeout(60_000);

  it(
    'keeps parameters, moments and average in f32, and its loss and gradient within 1 % of those of f32',
    onHalf(async (backend) => {
      const single = await stepped(backend, start(backend, 'f32'));
      const half = await stepped(backend, start(backend, 'f16'));
      expect(new Set(leaves(half.next).map(([, { type }]) => type))).to.deep.equal(new Set(['f32']));
      expect(half.report.loss).to.be.closeTo(single.report.loss, 1e-2 * single.report.loss);
      expect(half.report.gradNorm).to.be.closeTo(single.report.gradNorm, 1e-2 * single.report.gradNorm);
      expect(half.hash).not.to.equal(single.hash);
      free([single.next, half.next]);
    }),
  ).timeout(240_000);

  it(
    'takes a gradient that overflows once more with half the scale, and ends as if it had begun with that',
    onHalf(async (backend) => {
      const high = await stepped(backend, start(backend, 'f16', 2 ** 24));
      const { scale } = high.report;
      expect(scale).to.be.within(2, 2 ** 23);
      expect(high.next.lossScale).to.deep.equal({ scale, steady: 1 });
      const again = await stepped(backend, start(backend, 'f16', scale));
      expect([high.report, high.hash]).to.deep.equal([again.report, again.hash]);
      free([high.next, again.next]);
    }),
  ).timeout(240_000);

  it(
    'that was stopped and resumed ends in the same bits, with the same scales',
    onHalf(async (backend) => {
      const root = mkdtempSync(join(tmpdir(), 'half-'));
      const run = (folder: string, state: TrainState, stop: number): Promise<TrainState> =>
        trainingRun(
          {
            backend, model, config, folder: join(root, folder), saveEvery: 100, hashEvery: 1,
            batch: (step) => Promise.resolve(prepareBatch(source, step, batchShapeAt(config, step))),
            shouldStop: ({ step }) => step >= stop,
          },
          state,
        ); // prettier-ignore
      const lines = (folder: string): unknown[] =>
        readFileSync(metricsFile(join(root, folder)), 'utf8')
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as StepRecord)
          .map(({ loss, gradNorm, scale, state }) => [loss, gradNorm, scale, state]);
      try {
        // One that will be halved in the first step.
        free(await run('straight', start(backend, 'f16', 2 ** 24), Infinity));
        free(await run('stopped', start(backend, 'f16', 2 ** 24), 3));
        const checkpoint = loadCheckpoint(checkpointFile(join(root, 'stopped')));
        free(await run('stopped', model.restore(backend, checkpoint), Infinity));
        expect(lines('straight').length).to.equal(6);
        expect(lines('stopped')).to.deep.equal(lines('straight'));
      } finally {
        rmSync(root, { recursive: true });
      }
    }),
  ).timeout(240_000);
});

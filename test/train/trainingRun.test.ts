import { expect } from 'chai';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CpuBackend, leaves } from '../../src/tensor/index.js';
import {
  checkpointFile,
  CheckpointError,
  loadCheckpoint,
  loadModel,
  loadWeights,
  makeModel,
  metricsFile,
  modelSpec,
  prepareBatch,
  saveWeights,
  type StepRecord,
  trainingClips,
  trainingRun,
  type TrainConfig,
  type TrainState,
} from '../../src/train/index.js';

const config: TrainConfig = {
  model: modelSpec('tiny'), data: 'procedural', seed: 7, steps: 4, batch: 1, frames: 1, crop: 32,
  lr: 1e-3, lrEnd: 1e-5, warmup: 1, clipNorm: 0.05, emaDecay: 0.9,
}; // prettier-ignore

describe('a training run', () => {
  let root: string;
  const backend = new CpuBackend();
  const model = makeModel(config.model);
  const source = trainingClips(config.data, config.seed);
  type State = ReturnType<typeof model.initial>;

  const start = (folder: string, state: State, stopAfter = Infinity): Promise<State> =>
    trainingRun(
      {
        backend,
        ...model,
        config,
        folder: join(root, folder),
        saveEvery: 100,
        batch: (step) => Promise.resolve(prepareBatch(source, step, { clips: 1, frames: 1, crop: 32 })),
        shouldStop: ({ step }) => step >= stopAfter,
      },
      state,
    );
  const records = (folder: string): StepRecord[] =>
    readFileSync(metricsFile(join(root, folder)), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as StepRecord);
  const numbers = async <P extends object>({
    params,
    adam,
    average,
  }: TrainState<P>): Promise<Map<string, number[]>> => {
    const read = leaves({ params, m: adam.m, v: adam.v, average }).map(
      async ([path, leaf]): Promise<[string, number[]]> => [path, [...(await leaf.read())]],
    );
    return new Map(await Promise.all(read));
  };

  before(() => (root = mkdtempSync(join(tmpdir(), 'run-'))));
  after(() => rmSync(root, { recursive: true }));

  it('that was stopped and resumed ends in the same bits as one that was not', async () => {
    const straight = await numbers(await start('straight', model.initial(backend, config.seed)));
    await start('stopped', model.initial(backend, config.seed), 2);
    const checkpoint = loadCheckpoint(checkpointFile(join(root, 'stopped')));
    expect(checkpoint.config).to.deep.equal(config);
    expect(checkpoint.step).to.equal(2);
    const resumed = await numbers(await start('stopped', model.restore(backend, checkpoint)));
    expect(resumed).to.deep.equal(straight);
    expect(records('stopped').map(({ loss }) => loss)).to.deep.equal(
      records('straight').map(({ loss }) => loss),
    );
    const [first, last] = [records('straight')[0], records('straight')[3]];
    expect(last.loss).to.not.equal(first.loss);
    expect(records('straight').map(({ bytes }) => bytes)).to.deep.equal(new Array(4).fill(first.bytes));
    expect(readdirSync(join(root, 'stopped')).sort()).to.deep.equal([
      'checkpoint.safetensors',
      'metrics.jsonl',
    ]);
  });

  it('gives weights that load as they were saved, and in 16 bits to three digits', async () => {
    const { average } = model.restore(backend, loadCheckpoint(checkpointFile(join(root, 'stopped'))));
    for (const half of [false, true]) {
      const path = join(root, `${half ? 'half' : 'full'}.safetensors`);
      await saveWeights(path, config.model, average, { half, provenance: { note: 'test' } });
      const weights = loadWeights(path);
      expect(weights.provenance.note).to.equal('test');
      const loaded = leaves(model.load(backend, weights));
      for (const [i, [, leaf]] of leaves(average).entries()) {
        const got = await loaded[i][1].read();
        (await leaf.read()).forEach((v, j) =>
          expect(got[j]).to.be.closeTo(
            v,
            (half ? 2 ** -11 : 2 ** -24) * Math.abs(v) + (half ? 2 ** -25 : 2 ** -126),
          ),
        );
      }
      expect(loadModel(backend, weights).multiple).to.equal(model.multiple);
    }
  });

  it('of another preset cannot be loaded', () =>
    expect(() =>
      makeModel(modelSpec('small')).restore(backend, loadCheckpoint(checkpointFile(join(root, 'stopped')))),
    ).to.throw(CheckpointError, /tensor params\..*: expected \[.*\], got \[.*\]; .*another preset/));
});

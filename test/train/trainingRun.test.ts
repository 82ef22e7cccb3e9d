import { expect } from 'chai';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CpuBackend, leaves } from '../../src/tensor/index.js';
import {
  batchShapeAt,
  checkpointFile,
  CheckpointError,
  loadCheckpoint,
  loadModel,
  loadWeights,
  makeModel,
  metricsFile,
  modelSpec,
  newestCheckpoint,
  prepareBatch,
  saveWeights,
  stateHash,
  type StepRecord,
  trainingClips,
  trainingRun,
  trainState,
  type TrainState,
} from '../../src/train/index.js';
import { leastModel } from './support/leastModel.js';
import { leastRun } from './support/leastRun.js';

const stage = { steps: 3, lr: 1e-3, lrEnd: 1e-5 };
const config = leastRun({ condenser: stage, memory: stage, joint: stage }, { clipNorm: 0.05 });

describe('SeeClear (training stages): a run', () => {
  let root: string;
  const backend = new CpuBackend();
  const model = makeModel(config.model);
  const source = trainingClips(config.data, config.seed);
  const first = (): TrainState => trainState(model.draw(backend, config.seed));

  const start = (
    folder: string,
    state: TrainState,
    stopAfter = Infinity,
    onStep?: (record: StepRecord) => void,
  ): Promise<TrainState> =>
    trainingRun(
      {
        backend,
        model,
        config,
        folder: join(root, folder),
        saveEvery: folder === 'stopped' ? 100 : 4,
        hashEvery: 2,
        batch: (step) => Promise.resolve(prepareBatch(source, step, batchShapeAt(config, step))),
        shouldStop: ({ step }) => step >= stopAfter,
        ...(onStep && { onStep }),
      },
      state,
    );
  const records = (folder: string): StepRecord[] =>
    readFileSync(metricsFile(join(root, folder)), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as StepRecord);
  const column = (folder: string, name: keyof StepRecord): unknown[] =>
    records(folder).map((record) => record[name]);
  const numbers = async (tree: object): Promise<Map<string, number[]>> => {
    const read = leaves(tree).map(async ([path, leaf]): Promise<[string, number[]]> => [
      path,
      [...(await leaf.read())],
    ]);
    return new Map(await Promise.all(read));
  };

  before(() => (root = mkdtempSync(join(tmpdir(), 'run-'))));
  after(() => rmSync(root, { recursive: true }));

  it('that was stopped and resumed, within stages and between them, ends in the same bits', async () => {
    const straight = await numbers(await start('straight', first()));
    let state = await start('stopped', first(), 2);
    for (const stop of [3, 4, 6, 8, Infinity]) {
      const checkpoint = loadCheckpoint(checkpointFile(join(root, 'stopped')));
      expect(checkpoint.config).to.deep.equal(config);
      expect(checkpoint.step).to.equal(state.step);
      state = await start('stopped', model.restore(backend, checkpoint), stop);
    }
    expect(await numbers(state)).to.deep.equal(straight);
    expect(column('stopped', 'loss')).to.deep.equal(column('straight', 'loss'));
    expect(new Set(column('straight', 'loss')).size).to.equal(9);
    expect(readdirSync(join(root, 'stopped')).sort()).to.deep.equal([
      'checkpoint.previous.safetensors',
      'checkpoint.safetensors',
      'metrics.jsonl',
    ]);
  }).timeout(240_000);

  it('that was killed between checkpoints and resumed leaves the same bits and the same metrics', async () => {
    const killed = start('killed', first(), Infinity, ({ step }) => {
      if (step === 6) throw new Error('killed');
    });
    await killed.then(
      () => expect.fail('it went on'),
      (error: unknown) => expect((error as Error).message).to.equal('killed'),
    );
    expect(column('killed', 'step').at(-1)).to.equal(6);
    appendFileSync(metricsFile(join(root, 'killed')), '{"step":7,"lo');
    const { checkpoint } = newestCheckpoint(join(root, 'killed'), loadCheckpoint);
    expect(checkpoint.step).to.equal(4);
    const state = await start('killed', model.restore(backend, checkpoint));
    for (const name of ['step', 'stage', 'loss', 'gradNorm', 'lr', 'state'] as const)
      expect(column('killed', name), name).to.deep.equal(column('straight', name));
    expect(column('straight', 'state').filter((hash) => hash !== undefined).length).to.equal(5);
    expect(column('straight', 'state').at(-1)).to.equal(await stateHash(state));
  }).timeout(240_000);

  it('writes the stage and its learning rate of each step', () => {
    const names = ['condenser', 'memory', 'joint'];
    expect(column('straight', 'stage')).to.deep.equal(names.flatMap((name) => [name, name, name]));
    const [lr] = [column('straight', 'lr')];
    expect(lr).to.deep.equal([...lr.slice(0, 3), ...lr.slice(0, 3), ...lr.slice(0, 3)]);
    expect([lr[0], lr[2]]).to.deep.equal([1e-3, 1e-5]);
  });

  it('holds as many tensors and bytes after each step of a stage', () => {
    for (const [k, tensors] of [0, 3, 6].map(
      (first) => [first, column('straight', 'tensors')[first]] as const,
    )) {
      expect(column('straight', 'tensors').slice(k, k + 3)).to.deep.equal(new Array(3).fill(tensors));
      const bytes = column('straight', 'bytes').slice(k, k + 3);
      expect(bytes).to.deep.equal(new Array(3).fill(bytes[0]));
    }
  });

  it('gives weights that load as they were saved, distiller included, and in 16 bits to three digits', async () => {
    const { average, distiller } = model.restore(
      backend,
      loadCheckpoint(checkpointFile(join(root, 'stopped'))),
    );
    const params = { condenser: average, distiller: distiller! };
    for (const half of [false, true]) {
      const path = join(root, `${half ? 'half' : 'full'}.safetensors`);
      await saveWeights(path, config.model, params, { half, provenance: { note: 'test' } });
      const weights = loadWeights(path);
      expect(weights.provenance.note).to.equal('test');
      expect(weights.model).to.deep.equal(config.model);
      const loaded = leaves(model.load(backend, weights));
      for (const [i, [path, leaf]] of leaves(params).entries()) {
        expect(loaded[i][0]).to.equal(path);
        const got = await loaded[i][1].read();
        (await leaf.read()).forEach((v, j) =>
          expect(got[j]).to.be.closeTo(
            v,
            (half ? 2 ** -11 : 2 ** -24) * Math.abs(v) + (half ? 2 ** -25 : 2 ** -126),
          ),
        );
      }
      const trained = loadModel(backend, weights);
      expect([trained.multiple, trained.frames]).to.deep.equal([model.multiple, 2]);
    }
  });

  it('of another model cannot be loaded', () => {
    const checkpoint = loadCheckpoint(checkpointFile(join(root, 'stopped')));
    const wider = makeModel(leastModel('channels=[8,8,8,8]'));
    expect(() => wider.restore(backend, checkpoint)).to.throw(
      CheckpointError,
      /tensor params\..*: expected \[.*\], got \[.*\]; .*another preset/,
    );
    const without = makeModel(modelSpec('tiny', ['components.category=false']));
    expect(() => without.restore(backend, checkpoint)).to.throw(CheckpointError);
  });
});

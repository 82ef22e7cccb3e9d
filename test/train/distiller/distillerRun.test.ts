import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { sceneWords } from '../../../src/data/index.js';
import { initSemanticDistiller, SemanticDistiller } from '../../../src/model/index.js';
import { CpuBackend, leaves } from '../../../src/tensor/index.js';
import {
  checkpointFile,
  CheckpointError,
  distillerRun,
  type DistillerRecord,
  distillerState,
  type DistillerState,
  type DistillerTrainConfig,
  evaluateDistiller,
  loadDistiller,
  loadDistillerCheckpoint,
  metricsFile,
  saveDistiller,
} from '../../../src/train/index.js';
import { temporaryFolder } from '../../data/temporaryFolder.js';
import { leastDistiller } from '../../model/support/leastDistiller.js';

const network = { ...leastDistiller, queries: 8, keep: 8, words: sceneWords };
const config: DistillerTrainConfig = {
  network, seed: 3, steps: 4, batch: 1, size: 64, lr: 1e-2, lrEnd: 1e-4, warmup: 1, clipNorm: 1, emaDecay: 0.9,
}; // prettier-ignore

describe('a run of distiller training', () => {
  const backend = new CpuBackend();
  const { path } = temporaryFolder();
  const first = (): DistillerState => distillerState(initSemanticDistiller(network, backend, 1));
  const start = (name: string, state: DistillerState, stopAfter = Infinity): Promise<DistillerState> =>
    distillerRun(
      { backend, config, folder: path(name), saveEvery: 100, shouldStop: ({ step }) => step >= stopAfter },
      state,
    );
  const records = (name: string): DistillerRecord[] =>
    readFileSync(metricsFile(path(name)), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as DistillerRecord);
  const numbers = async (tree: object): Promise<(readonly [string, number[]])[]> =>
    Promise.all(leaves(tree).map(async ([path, leaf]) => [path, [...(await leaf.read())]] as const));

  it('that was stopped and resumed ends in the same bits', async () => {
    const straight = await start('straight', first());
    await start('stopped', first(), 2);
    const checkpoint = loadDistillerCheckpoint(checkpointFile(path('stopped')));
    expect(checkpoint.config).to.deep.equal(config);
    const state = checkpoint.restore(backend);
    expect(state.adam.step).to.equal(2);
    expect(await numbers(await start('stopped', state))).to.deep.equal(await numbers(straight));
    const losses = (name: string): number[] => records(name).map(({ loss }) => loss);
    expect(losses('stopped')).to.deep.equal(losses('straight'));
    expect(new Set(losses('straight')).size).to.equal(4);
    expect(readdirSync(path('stopped')).sort()).to.deep.equal([
      'checkpoint.previous.safetensors',
      'checkpoint.safetensors',
      'metrics.jsonl',
    ]);
  });

  it('frees what it makes', async () => {
    const counted = new CpuBackend();
    const state = distillerState(initSemanticDistiller(network, counted, 1));
    const before = counted.memory().tensors;
    await distillerRun({ backend: counted, config, folder: path('counted'), saveEvery: 100 }, state);
    expect(counted.memory().tensors).to.equal(before);
  });

  it('reports a loss that is the sum of its terms', () => {
    for (const { loss, classLoss, maskLoss, diceLoss, pixelLoss } of records('straight'))
      expect(loss).to.be.closeTo(4 * (2 * classLoss + 5 * maskLoss + 5 * diceLoss) + 8 * pixelLoss, 1e-9);
  });

  it('gives weights that load as they were saved, and in 16 bits to three digits', async () => {
    const params = initSemanticDistiller(network, backend, 2);
    const wanted = await numbers(params);
    for (const half of [false, true]) {
      const file = path(`${half ? 'half' : 'full'}.safetensors`);
      await saveDistiller(file, network, params, { half, provenance: { note: 'test' } });
      const weights = loadDistiller(file);
      expect([weights.network, weights.provenance.note]).to.deep.equal([network, 'test']);
      for (const [i, [name, values]] of (await numbers(weights.restore(backend))).entries())
        values.forEach((v, j) =>
          expect(v, name).to.be.closeTo(wanted[i][1][j], half ? 1e-3 * Math.max(1, Math.abs(v)) : 1e-6),
        );
    }
    expect(() => loadDistillerCheckpoint(path('full.safetensors'))).to.throw(
      CheckpointError,
      "expected a file of kind 'seeclear distiller training 1'",
    );
  });

  it('is judged on the same scenes each time, unseen combinations by themselves', async () => {
    const distiller = new SemanticDistiller(network, initSemanticDistiller(network, backend, 2));
    const options = { scenes: 2, size: 64, combinations: 'unseen' } as const;
    const row = await evaluateDistiller(backend, distiller, options);
    expect(await evaluateDistiller(backend, distiller, options)).to.deep.equal(row);
    expect([row.scenes, row.grounds.instances]).to.deep.equal([2, 2]);
    expect(row.objects.instances).to.be.at.least(2);
    for (const { iou, phrase, texture, shape } of [row.objects, row.grounds])
      for (const share of [iou, phrase, texture, shape]) expect(share).to.be.within(0, 1);
  });
});

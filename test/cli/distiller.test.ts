import { expect } from 'chai';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { sceneWords } from '../../src/data/index.js';
import { CpuBackend } from '../../src/tensor/index.js';
import {
  checkpointFile,
  type DistillerRow,
  distillerState,
  loadDistiller,
  metricsFile,
  saveDistiller,
  saveDistillerCheckpoint,
} from '../../src/train/index.js';
import { initSemanticDistiller } from '../../src/model/index.js';
import { shippedDistiller } from '../../src/cli/installation.js';
import { temporaryFolder } from '../data/temporaryFolder.js';
import { leastDistiller } from '../model/support/leastDistiller.js';
import { run } from './run.js';

const network = { ...leastDistiller, queries: 8, keep: 8, words: sceneWords };
const config = {
  network, seed: 3, steps: 2, batch: 1, size: 64, lr: 1e-3, lrEnd: 1e-5, warmup: 0, clipNorm: 1, emaDecay: 0.9,
}; // prettier-ignore

describe('the commands of the Semantic Distiller', () => {
  const { path } = temporaryFolder();
  const backend = new CpuBackend();
  before(async () => {
    const state = distillerState(initSemanticDistiller(network, backend, 1));
    await saveDistillerCheckpoint(checkpointFile(path('run')), config, state);
    await saveDistiller(path('least.safetensors'), network, state.params, { half: false, provenance: {} });
  });

  it('train-distiller goes on from a checkpoint, and leaves metrics and weights', async () => {
    const { status, out, err } = await run([
      'train-distiller', '--out', path('run'), '--resume', '--json', '--device', 'cpu',
    ]); // prettier-ignore
    expect(status, err.join('\n')).to.equal(0);
    const said = JSON.parse(out.join('\n')) as { weights: string; step: number; of: number };
    expect([said.step, said.of]).to.deep.equal([2, 2]);
    expect(loadDistiller(said.weights).provenance.steps).to.equal('2');
    expect(
      readFileSync(metricsFile(path('run')), 'utf8')
        .trim()
        .split('\n').length,
    ).to.equal(2);
    expect(err.join('\n')).to.match(/2 of 2 steps.*; loss \d+\.\d\d: class/);
  });

  it('eval-distiller prints a row for seen and unseen, objects and grounds, and the same as JSON', async () => {
    const argv = [
      'eval-distiller', '--scenes', '1', '--size', '64', '--weights', path('least.safetensors'), '--device', 'cpu',
    ]; // prettier-ignore
    const { status, out } = await run(argv);
    expect(status).to.equal(0);
    expect(out.length).to.equal(5);
    expect(out[0]).to.match(/instances +IoU +phrase +texture +shape/);
    const json = JSON.parse((await run([...argv, '--json'])).out.join('\n')) as { rows: DistillerRow[] };
    expect(json.rows.map(({ combinations }) => combinations)).to.deep.equal(['seen', 'unseen']);
    expect(out[1]).to.include(json.rows[0].objects.iou.toFixed(3));
  });

  const wrong: Record<string, [status: number, message: RegExp, argv: string[]]> = {
    'no folder for a run': [2, /expected --out FOLDER/, ['train-distiller']],
    'a size that does not fit': [2, /--size: expected a multiple of 32, got 100/, ['train-distiller', '--out', 'x', '--size', '100']],
    'no scenes': [2, /--scenes: expected a whole number in 1/, ['eval-distiller', '--scenes', '0']],
    'no checkpoint': [3, /ENOENT/, ['train-distiller', '--out', 'nowhere', '--resume']],
    'no weights': [3, /none\.safetensors: .*ENOENT/, ['eval-distiller', '--weights', 'none.safetensors']],
  }; // prettier-ignore
  for (const [what, [code, message, argv]] of Object.entries(wrong))
    it(`refuses ${what}: status ${code} and one line`, async () => {
      const { status, out, err } = await run(argv);
      expect([status, out, err.length]).to.deep.equal([code, [], 1]);
      expect(err[0]).to.match(message);
      expect(existsSync('nowhere')).to.equal(false);
    });

  it('refuses settings that the checkpoint holds, and weights of another kind', async () => {
    const again = await run(['train-distiller', '--out', path('run'), '--resume', '--lr', '1']);
    expect([again.status, again.err.length]).to.deep.equal([2, 1]);
    expect(again.err[0]).to.include('leave out --lr');
    const other = await run(['eval-distiller', '--weights', checkpointFile(path('run'))]);
    expect([other.status, other.err.length]).to.deep.equal([3, 1]);
    expect(other.err[0]).to.include("expected a file of kind 'seeclear distiller weights 1'");
  });

  it('come with weights of less than 2.5 MB that can be read', () => {
    expect(statSync(shippedDistiller).size).to.be.lessThan(2.5e6);
    expect(loadDistiller(shippedDistiller).network.words).to.deep.equal([...sceneWords]);
  });
});

import { expect } from 'chai';
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { initSemanticDistiller } from '../../src/model/index.js';
import { CpuBackend, leaves } from '../../src/tensor/index.js';
import {
  bestFile,
  checkpointFile,
  loadCheckpoint,
  loadDistiller,
  loadWeights,
  makeModel,
  metricsFile,
  readRecords,
  saveDistiller,
  saveWeights,
  type StepRecord,
  validationFile,
  type ValidationRecord,
} from '../../src/train/index.js';
import { leastDistiller, leastFields, leastModel } from '../train/support/leastModel.js';
import { type Outcome, run } from './run.js';

describe('seeclear train', () => {
  let root: string;
  const at = (name: string): string => join(root, name);
  const backend = new CpuBackend();
  const train = (out: string, ...more: string[]): Promise<Outcome> =>
    run(['train', '--out', at(out), '--device', 'cpu', '--workers', '1', '--json', ...more]);
  const settings = (...more: string[]): string[] => [
    '--preset', 'tiny', ...leastFields.flatMap((field) => ['--set', field]), '--distiller', at('distiller'),
    '--batch', '1', '--frames', '2', '--crop', '32', '--warmup', '0', '--validate-every', '2', '--validate-videos', '1',
    '--validate-frames', '2', '--validate-size', '32', '--validate-steps', '1', ...more,
  ]; // prettier-ignore
  const stagesOf = (out: string): string[] =>
    readFileSync(metricsFile(at(out)), 'utf8')
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as StepRecord).stage);

  before(async () => {
    root = mkdtempSync(join(tmpdir(), 'train-'));
    const options = { half: false, provenance: {} };
    await saveDistiller(
      at('distiller'),
      leastDistiller,
      initSemanticDistiller(leastDistiller, backend, 3),
      options,
    );
    const spec = leastModel('components.category=false');
    await saveWeights(at('earlier'), spec, makeModel(spec).draw(backend, 5), options);
  });
  after(() => rmSync(root, { recursive: true }));

  it('takes the stages one after the other, and goes on where it stopped', async () => {
    const first = await train('run', ...settings('--steps', '1,1,1', '--minutes', '0'), '--tensorboard');
    expect([first.status, first.err.filter((line) => line.startsWith('seeclear'))]).to.deep.equal([0, []]);
    expect(stagesOf('run')).to.deep.equal(['condenser']);
    const { status, out, err } = await train('run', '--resume', '--tensorboard');
    expect(status, err.join('\n')).to.equal(0);
    expect(stagesOf('run')).to.deep.equal(['condenser', 'memory', 'joint']);
    const result = JSON.parse(out[0]) as { weights: string; step: number; of: number };
    expect([result.step, result.of]).to.deep.equal([3, 3]);
    const weights = loadWeights(result.weights);
    const model = makeModel(weights.model);
    const { condenser, distiller } = model.load(backend, weights);
    expect(condenser.category).not.to.equal(undefined);
    const given = leaves(loadDistiller(at('distiller')).restore(backend));
    for (const [i, [path, leaf]] of leaves(distiller!).entries())
      expect(await leaf.read(), path).to.deep.equal(await given[i][1].read());
  });

  it('validates, and shows the run on a page that can be made anew from its files', async () => {
    const lines = readRecords<ValidationRecord>(validationFile(at('run')));
    expect(lines.map(({ step }) => step)).to.deep.equal([2, 3]);
    const best = lines.findLast((line) => line.best)!;
    expect(loadWeights(bestFile(at('run'))).provenance.steps).to.equal(String(best.step));
    expect(readdirSync(at('run')).filter((name) => name.includes('tfevents')).length).to.be.within(1, 2);
    const path = join(at('run'), 'report.html');
    const page = readFileSync(path, 'utf8');
    expect(page)
      .to.include('--resume')
      .and.to.include('Step 3 of 3')
      .and.to.include(best.ours.psnr.toFixed(2));
    rmSync(path);
    const { status, out } = await run(['report', at('run')]);
    expect([status, out]).to.deep.equal([0, [path]]);
    expect(readFileSync(path, 'utf8')).to.equal(page);
    const none = await run(['report', root]);
    expect([none.status, none.err.length]).to.deep.equal([3, 1]);
  });

  it('starts from other weights, says how much it took, and writes which they were', async () => {
    const { status, err } = await train('warm', ...settings('--steps', '1,0,0', '--from', at('earlier')));
    expect(status, err.join('\n')).to.equal(0);
    const line = err.find((text) => text.startsWith('model: '))!;
    const [, taken, of] = /, (\d+) of (\d+) tensors from /.exec(line)!.map(Number);
    const category = leaves(makeModel(leastModel()).draw(backend, 0).condenser.category!).length;
    expect(of - taken).to.equal(category);
    const { provenance } = loadWeights(join(at('warm'), 'weights.safetensors'));
    const { origins } = JSON.parse(provenance.config!) as { origins: unknown };
    expect(origins).to.deep.equal({
      distiller: loadDistiller(at('distiller')).digest,
      from: loadWeights(at('earlier')).digest,
    });
  });

  it('goes on from the checkpoint before where the last one is damaged, and says so', async () => {
    const last = checkpointFile(at('run'));
    expect(loadCheckpoint(last).step).to.equal(3);
    truncateSync(last, 5000);
    const { status, err } = await train('run', '--resume');
    expect(status, err.join('\n')).to.equal(0);
    expect(err[0]).to.match(/checkpoint\.safetensors: .*; going on from \S+previous\.safetensors$/);
    expect(stagesOf('run')).to.deep.equal(['condenser', 'memory', 'joint']);
    expect(loadCheckpoint(last).step).to.equal(3);
  });

  it('does not start where another run could go on: status 2 and one line', async () => {
    const { status, err } = await train('run', ...settings('--steps', '1,1,1'));
    expect([status, err.length]).to.deep.equal([2, 1]);
    expect(err[0]).to.match(/--out: \S+ holds the checkpoint of a run; go on with it by --resume/);
  });

  it('takes its batch in passes, and goes on so', async () => {
    const passes = [
      '--steps',
      '2,0,0',
      '--batch',
      '2',
      '--micro',
      '1',
      '--minutes',
      '0',
      '--hash-every',
      '1',
    ];
    const first = await train('passes', ...settings(...passes));
    expect(first.status, first.err.join('\n')).to.equal(0);
    expect(loadCheckpoint(checkpointFile(at('passes'))).config.micro).to.equal(1);
    expect((await train('passes', '--resume')).status).to.equal(0);
    const lines = readFileSync(metricsFile(at('passes')), 'utf8')
      .trim()
      .split('\n');
    const hashes = lines.map((line) => (JSON.parse(line) as StepRecord).state);
    expect(hashes.every((hash) => /^[0-9a-f]{64}$/.test(hash ?? ''))).to.equal(true);
    expect(new Set(hashes).size).to.equal(2);
  });

  it('refuses to go without a distiller where there are semantics: status 3 and one line', async () => {
    const { status, out, err } = await train('none', ...settings('--distiller', at('nothing')));
    expect([status, out, err.length]).to.deep.equal([3, [], 1]);
    expect(err[0]).to.match(/nothing: .*ENOENT/);
  });
});

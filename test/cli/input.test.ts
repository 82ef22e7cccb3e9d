import { expect } from 'chai';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { proceduralSource, writePng } from '../../src/data/index.js';
import { CpuBackend } from '../../src/tensor/index.js';
import {
  checkpointFile,
  makeModel,
  modelSpec,
  saveCheckpoint,
  saveWeights,
  trainState,
} from '../../src/train/index.js';
import { run } from './run.js';

describe('unusable input', () => {
  let root: string;
  const at = (...parts: string[]): string => join(root, ...parts);

  /** One line on standard error, status 3, nothing on standard output, and no OUT. */
  async function refused(message: RegExp, ...argv: string[]): Promise<void> {
    const { status, out, err } = await run(argv);
    const errors = err.filter((line) => !line.startsWith('device: '));
    expect(errors.length, err.join('\n')).to.equal(1);
    expect(errors[0]).to.match(message);
    expect(errors[0]).to.match(new RegExp(`^seeclear ${argv[0]}: [^\n]*$`));
    expect([status, out]).to.deep.equal([3, []]);
    expect(existsSync(at('out')), 'partial output').to.equal(false);
  }
  const upscale = (folder: string, ...more: string[]): string[] => [
    'upscale', folder, '-o', at('out'), '--weights', at('tiny.safetensors'), '--device', 'cpu', ...more,
  ]; // prettier-ignore

  before(async () => {
    root = mkdtempSync(join(tmpdir(), 'seeclear-'));
    const clip = proceduralSource(1).clip(0, 2, 16);
    for (const folder of ['good', 'truncated', 'sizes', 'text', 'empty']) mkdirSync(at(folder));
    for (const folder of ['good', 'truncated', 'sizes', 'text']) writePng(at(folder, '0.png'), clip[0]);
    writePng(at('good', '1.png'), clip[1]);
    writeFileSync(at('truncated', '1.png'), readFileSync(at('good', '1.png')).subarray(0, 200));
    writePng(at('sizes', '1.png'), proceduralSource(1).clip(0, 1, 12)[0]);
    writeFileSync(at('text', '1.png'), 'this is no picture\n');
    const backend = new CpuBackend();
    const spec = modelSpec('tiny');
    const params = makeModel(spec).draw(backend, 0);
    const options = { half: false, provenance: {} };
    await saveWeights(at('tiny.safetensors'), spec, params, options);
    await saveWeights(at('other.safetensors'), modelSpec('small'), params, options);
    const stage = { steps: 2, lr: 1e-3, lrEnd: 1e-5 };
    const config = {
      model: spec, data: 'procedural', seed: 0, batch: 1, frames: 1, crop: 32, warmup: 0, clipNorm: 1, emaDecay: 0.9,
      stages: { condenser: stage, memory: stage, joint: stage }, origins: {},
    }; // prettier-ignore
    await saveCheckpoint(checkpointFile(at('run')), config, trainState(params));
  });
  after(() => rmSync(root, { recursive: true }));

  it('an empty folder', () =>
    refused(/empty: expected a folder of PNG frames, got no \*\.png/, ...upscale(at('empty'))));
  it('no folder', () => refused(/missing: expected a folder, got nothing/, ...upscale(at('missing'))));
  it('a truncated PNG', () => refused(/truncated.1\.png: /, ...upscale(at('truncated'))));
  it('a frame of another size', () =>
    refused(/sizes.1\.png: expected 16 x 16 .* got 12 x 12/, ...upscale(at('sizes'))));
  it('a text file named .png', () => refused(/text.1\.png: /, ...upscale(at('text'))));
  it('no weights', () =>
    refused(/none\.safetensors: .*ENOENT/, ...upscale(at('good'), '--weights', at('none.safetensors'))));

  it('weights with a flipped byte', () => {
    const bytes = readFileSync(at('tiny.safetensors'));
    bytes[bytes.length - 100] ^= 1;
    writeFileSync(at('flipped.safetensors'), bytes);
    return refused(
      /flipped\.safetensors: .*SHA-256/,
      ...upscale(at('good'), '--weights', at('flipped.safetensors')),
    );
  });

  it('weights of another preset', () =>
    refused(
      /other\.safetensors: tensor .* another preset/,
      ...upscale(at('good'), '--weights', at('other.safetensors')),
    ));

  it('a checkpoint where weights are wanted, and the other way round', async () => {
    await refused(/expected a file of kind/, ...upscale(at('good'), '--weights', checkpointFile(at('run'))));
    mkdirSync(at('swapped'));
    cpSync(at('tiny.safetensors'), checkpointFile(at('swapped')));
    await refused(/expected a file of kind/, 'train', '--resume', '--out', at('swapped'));
  });

  it('a checkpoint of another preset', () =>
    refused(
      /expected a checkpoint of preset small, got one of tiny/,
      'train',
      '--resume',
      '--out',
      at('run'),
      '--preset',
      'small',
    ));

  it('no checkpoint to resume', () => refused(/ENOENT/, 'train', '--resume', '--out', at('nothing')));

  it('a place that cannot be written to', () =>
    refused(
      /text.*: expected a folder to write to/,
      ...upscale(at('good'), '-o', at('text', '1.png', 'out')),
    ));

  it('a folder without write permission', async function () {
    if (process.getuid?.() === 0) this.skip();
    mkdirSync(at('locked'));
    chmodSync(at('locked'), 0o555);
    await refused(/EACCES/, ...upscale(at('good'), '-o', at('locked')));
  });

  it('an output folder with other files, which stay as they are', async () => {
    mkdirSync(at('mine'));
    writeFileSync(at('mine', 'thesis.txt'), 'years');
    await refused(
      /mine: expected an empty or new folder.*--overwrite/,
      ...upscale(at('good'), '-o', at('mine')),
    );
    expect(readFileSync(at('mine', 'thesis.txt'), 'utf8')).to.equal('years');
  });

  it('the input folder as output folder, even with --overwrite', () =>
    refused(/other than the input/, ...upscale(at('good'), '-o', at('good'), '--overwrite')));

  it('settings that a checkpoint holds, given again', async () => {
    const { status, err } = await run(['train', '--resume', '--out', at('run'), '--lr', '1']);
    expect(status).to.equal(2);
    expect(err[0]).to.include('leave out --lr');
  });
});

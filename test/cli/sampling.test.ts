import { expect } from 'chai';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { proceduralSource, readPng, upscaleBicubic, writePng } from '../../src/data/index.js';
import { CpuBackend } from '../../src/tensor/index.js';
import { makeModel, modelSpec, saveWeights } from '../../src/train/index.js';
import { run } from './run.js';

describe('options of commands that sample', () => {
  let root: string;
  const at = (...parts: string[]): string => join(root, ...parts);
  const common = (...more: string[]): string[] => [
    '--weights', at('weights.safetensors'), '--device', 'cpu', ...more,
  ]; // prettier-ignore
  const upscale = (...more: string[]): string[] => ['upscale', at('in'), '-o', at('out'), ...common(...more)];

  before(async () => {
    root = mkdtempSync(join(tmpdir(), 'seeclear-'));
    mkdirSync(at('in'));
    mkdirSync(at('large'));
    proceduralSource(1).clip(0, 3, 8).forEach((frame, i) => {
      writePng(at('in', `${i}.png`), frame);
      writePng(at('large', `${i}.png`), upscaleBicubic(frame));
    }); // prettier-ignore
    const parts = ['attention', 'semantic', 'mfsa', 'incam', 'category'].map((p) => `components.${p}=false`);
    const spec = modelSpec('tiny', [...parts, 'window=1', 'diffusion.T=3']);
    const params = makeModel(spec).draw(new CpuBackend(), 0);
    await saveWeights(at('weights.safetensors'), spec, params, { half: false, provenance: {} });
  });
  after(() => rmSync(root, { recursive: true }));
  afterEach(() => rmSync(at('out'), { recursive: true, force: true }));

  const impossible: Record<string, [string[], RegExp]> = {
    'more steps than the training had': [['--steps', '4'], /--steps: expected at most 3, .* got 4/],
    'a precision that there is not': [
      ['--precision', 'f8'],
      /--precision: expected one of f32, f16, got 'f8'/,
    ],
    'no step': [['--steps', '0'], /--steps: expected a whole number/],
    'no sample': [['--samples', '0'], /--samples: expected a whole number/],
    'a pass longer than a clip': [
      ['--frames-per-pass', '6'],
      /--frames-per-pass: expected at most 5, .* got 6/,
    ],
    'clips that share all frames': [['--overlap', '5'], /--overlap: expected at most 4, .* got 5/],
    'clips that share all frames of a pass': [
      ['--overlap', '2', '--frames-per-pass', '2'],
      /--overlap: expected at most 1, .* got 2/,
    ],
  };
  for (const [what, [options, message]] of Object.entries(impossible))
    it(`${what}: status 2, one line, and nothing written`, async () => {
      const { status, out, err } = await run(upscale(...options));
      const errors = err.filter((line) => !line.startsWith('device: '));
      expect([status, out, errors.length]).to.deep.equal([2, [], 1]);
      expect(errors[0]).to.match(message);
      expect(existsSync(at('out'))).to.equal(false);
    });

  it('half precision on the CPU: status 4, one line, and nothing written', async () => {
    const { status, out, err } = await run(upscale('--precision', 'f16'));
    const errors = err.filter((line) => !line.startsWith('device: '));
    expect([status, out, errors.length]).to.deep.equal([4, [], 1]);
    expect(errors[0]).to.match(/^seeclear upscale: CPU, float64 .*: has no half precision; leave out/);
    expect(existsSync(at('out'))).to.equal(false);
  });

  it('enlarged frames that do not fit: status 3, one line, and nothing written', async () => {
    mkdirSync(at('two'));
    [0, 1].forEach((i) => writePng(at('two', `${i}.png`), readPng(at('large', `${i}.png`))));
    const { status, out, err } = await run(upscale('--upscaled', at('two')));
    expect([status, out, err.length]).to.deep.equal([3, [], 1]);
    expect(err[0]).to.match(/two: expected an enlarged frame for each of the 3 LR frames, got 2; /);
    expect(existsSync(at('out'))).to.equal(false);
  });

  it('enlarged frames from a folder are where an untrained network, which adds nothing, ends', async () => {
    const { status, out } = await run(
      upscale(
        '--upscaled',
        at('large'),
        '--steps',
        '2',
        '--overlap',
        '1',
        '--frames-per-pass',
        '2',
        '--json',
      ),
    );
    expect(status).to.equal(0);
    expect(JSON.parse(out[0])).to.include({ written: 3, skipped: 0, width: 32, height: 32 });
    for (const name of readdirSync(at('large')))
      expect(readPng(at('out', name)), name).to.deep.equal(readPng(at('large', name)));
  });

  it('stops when it is told to, and goes on when it is run again', async () => {
    const argv = upscale('--frames-per-pass', '1');
    const { status, err } = await run(argv, AbortSignal.abort());
    expect(status).to.equal(130);
    expect(err.at(-1)).to.match(/interrupted after 0 of 3 frames; run the same command again to go on$/);
    const again = await run(argv);
    expect(again.status).to.equal(0);
    expect(again.out[0]).to.match(/^3 frames of 32 x 32 written/);
  });

  it('eval shows the temporal difference beside PSNR and SSIM, and says in how many steps and samples', async () => {
    const options = ['--steps', '1', '--samples', '2'];
    const argv = ['eval', '--procedural', '1', '--size', '32', '--most', '2', ...common(...options)];
    const table = await run(argv);
    expect(table.out[0]).to.match(/tdE ours +tdE bicubic$/);
    expect(table.out[1]).to.match(/ \d+\.\d{3} +\d+\.\d{3}$/);
    const { out } = await run([...argv, '--json']);
    const { rows, steps, samples } = JSON.parse(out[0]) as {
      rows: { ours: { tdE: number }; bicubic: { tdE: number } }[];
      steps: number;
      samples: number;
    };
    expect([steps, samples]).to.deep.equal([1, 2]);
    expect(rows[0].bicubic.tdE).to.be.greaterThan(0).and.to.equal(rows[0].ours.tdE); // untrained: bicubic
  });

  it('eval takes enlarged frames of one video only', async () => {
    const argv = ['eval', at('in'), '--procedural', '1', ...common('--upscaled', at('large'))];
    const { status, err } = await run(argv);
    expect([status, err.length]).to.deep.equal([2, 1]);
    expect(err[0]).to.include('--upscaled: expected one IN');
  });

  it('eval starts from enlarged frames', async () => {
    mkdirSync(at('video', 'hr'), { recursive: true });
    mkdirSync(at('video', 'lr_x4'));
    for (const i of [0, 1, 2]) {
      writePng(at('video', 'lr_x4', `${i}.png`), readPng(at('in', `${i}.png`)));
      writePng(at('video', 'hr', `${i}.png`), readPng(at('large', `${i}.png`)));
    }
    const { out } = await run(['eval', at('video'), '--json', ...common('--upscaled', at('large'))]);
    const { rows } = JSON.parse(out[0]) as { rows: { ours: { rgb: { ssim: number }; tdE: number } }[] };
    expect(rows[0].ours).to.deep.include({ tdE: 0 });
    expect(rows[0].ours.rgb.ssim).to.be.closeTo(1, 1e-12);
  });
});

import { expect } from 'chai';
import { createHash } from 'node:crypto';
import {
  applyStep,
  defaultDiffusion,
  type Denoiser,
  deterministicStep,
  inputScale,
  makeSchedule,
  sampleClip,
  toSpectrum,
} from '../../src/diffusion/index.js';
import { GpuBackend } from '../../src/kernels/runtime/gpuBackend.js';
import {
  type Backend,
  clamp,
  CpuBackend,
  free,
  mapTree,
  type Observer,
  scale,
  type Tensor,
  tensor,
} from '../../src/tensor/index.js';
import {
  compareTraces,
  parseTrace,
  perturbed,
  Recorder,
  rowOf,
  samplePositions,
  type Trace,
  traceOf,
} from '../../src/trace/index.js';
import { heldOutPair, makeModel, modelSpec, upscaleClip, withParams } from '../../src/train/index.js';
import { random } from '../support/arbitraries.js';
import { expectClose } from '../support/close.js';
import { onGpu } from '../support/gpu.js';

/** What float32 may be off in a pass of `tiny` and two steps, in units of a row's largest magnitude. */
const FLOAT32 = 1e-4;

const spec = modelSpec('tiny', ['diffusion.T=2']);
const made = makeModel(spec);
const lr = heldOutPair(0, 1, 32).lr;

/** Algorithm 1 on one frame, with the parameters whose path `planted` matches multiplied by 1.1. */
async function run(backend: Backend, planted = /^$/, seed = 1): Promise<Trace> {
  const drawn = perturbed(made.draw(backend, 1), 1);
  const condenser = mapTree(drawn.condenser, (leaf, path) => (planted.test(path) ? scale(1.1, leaf) : leaf));
  const model = { ...withParams(made, backend, { ...drawn, condenser }), multiple: 8 };
  const recorder = new Recorder(2);
  const { observe } = recorder;
  await upscaleClip(model, lr, 0, 1, { seed, observe, onStep: (t) => recorder.step(t - 1) });
  return traceOf({ device: backend.description, model: 'tiny', seed, rows: await recorder.rows() });
}

describe('trace', () => {
  let plain: Trace;
  before(async () => {
    plain = await run(new CpuBackend());
  });

  it('has the lines of Algorithm 1 in the order in which they run, in every step', () => {
    const encoder = [17, 20, 21, 16, 17, 20, 21, 16, 17, 20, 21, 16, 17];
    const middle = [26, 26, 27, 28, 29];
    const decoder = [34, 34, 35, 36, 37, 38];
    const network = [
      10, 14, ...encoder, 24, ...middle, ...middle, ...middle,
      33, ...decoder, 33, ...decoder, 33, ...decoder, ...decoder, 40,
    ]; // prettier-ignore
    const lines = plain.rows.map(({ line }) => line);
    expect(lines).to.deep.equal([1, 7, 7, 2, ...network, 40, 41, 41, ...network, 40, 44, 45]);
    expect(plain.rows.map(({ t }) => t)).to.deep.equal([2, 2, 2, 2, ...network.map(() => 2), 2, 2, 2, ...network.map(() => 1), 1, 1, 0]); // prettier-ignore
    for (const { samples, min, max, symbol } of plain.rows) {
      expect(max, symbol).to.be.greaterThan(min);
      samples.forEach((v) => expect(v).to.be.within(min, max));
    }
  });

  it('is the same for the same seed, bit by bit, and changes nothing', async () => {
    const { parting, compared, worst } = compareTraces(plain, await run(new CpuBackend()), 0);
    expect({ parting, worst }).to.deep.equal({ parting: undefined, worst: 0 });
    expect(compared).to.equal(plain.rows.length);
    const backend = new CpuBackend();
    const model = withParams(made, backend, perturbed(made.draw(backend, 1), 1));
    const options = { seed: 1, onStep: () => undefined };
    const upscale = async (more: object): Promise<unknown> => {
      const clip = await upscaleClip({ ...model, multiple: 8 }, lr, 0, 1, { ...options, ...more });
      const textures = await clip.textures?.read();
      if (clip.textures) free({ textures: clip.textures });
      return { images: clip.images, textures };
    };
    const held = (): number => backend.memory().tensors;
    const before = held();
    const unseen = await upscale({});
    expect(await upscale({ observe: new Recorder(2).observe })).to.deep.equal(unseen);
    expect(held()).to.equal(before);
  });

  it('is shown what the sampler uses: line 41 follows from line 40 and the state before', async () => {
    const backend = new CpuBackend();
    const s = makeSchedule({ ...defaultDiffusion, T: 3 });
    const frame = random(backend, [1, 3, 8, 8], 1, -1, 1);
    const seen: Record<string, Tensor[]> = { state: [], mu: [], 'x0 clamped': [] };
    const observe: Observer = (_, symbol, x) => seen[symbol].push(x);
    const crude: Denoiser = (state) => scale(2, state);
    const { x0: end } = await sampleClip(crude, frame, [0], s, { seed: 1, rule: 'deterministic', observe });
    expect([seen.state.length, seen.mu.length, seen['x0 clamped'].length]).to.deep.equal([3, 2, 3]);
    for (const [i, t] of [3, 2].entries()) {
      const [state, x0] = [seen.state[i], seen['x0 clamped'][i]];
      const clamped = clamp(scale(2 * inputScale(t, s), state), -1, 1);
      expectClose(await x0.read(), await clamped.read());
      const spectrum = (x: Tensor): Tensor => toSpectrum(x, s.p);
      const { mean } = applyStep(
        deterministicStep(t, s),
        ...([state, x0, frame].map(spectrum) as [Tensor, Tensor, Tensor]),
      );
      expectClose(await seen.mu[i].read(), await mean.read());
      expectClose(await spectrum(seen.state[i + 1]).read(), await mean.read());
    }
    expect(await seen['x0 clamped'][2].read()).to.deep.equal(await end.read());
  });

  const planted: Record<string, [RegExp, line: number, symbol: string]> = {
    'the first layer': [/^convIn\.weight$/, 14, 'f_0'],
    'the LR chain': [/^lrDownsample\.1\.weight$/, 16, 'f_2'],
    'the encoder': [/^encoder\.2\.channel\.qkv$/, 17, 'fhat_3'],
    'the middle': [/^middle\.1\.second\.norm2\.gamma$/, 29, 'fbar_2'],
    'the upsampling': [/^upsample\.2\.weight$/, 33, 'f_3'],
    'the clip’s tokens': [/^instance\.input\.weight$/, 24, 'O_c'],
    'the modulation': [/^decoder\.1\.incam\.modulation\.bias$/, 34, 'gamma_2'],
    'the cross-attention': [/^decoder\.0\.incam\.cross\.out\.weight$/, 36, 'ftilde_1'],
    'the decoder': [/^decoder\.1\.channel\.qkv$/, 37, 'fddot_2'],
    'the memory': [/^category\.queries\.2\.out\.weight$/, 38, 'fbar_3'],
    'the last layer': [/^convOut\.bias$/, 40, 'x0'],
  };
  for (const [where, [path, line, symbol]] of Object.entries(planted))
    it(`finds a changed parameter of ${where} at its line`, async () => {
      const { parting } = compareTraces(plain, await run(new CpuBackend(), path), FLOAT32);
      expect(parting?.rows.map((row) => [row?.t, row?.line, row?.symbol])).to.deep.equal([
        [2, line, symbol],
        [2, line, symbol],
      ]);
      expect(parting?.what).to.match(/^(sample \d+|min|max|mean): .* allowed$/);
    });

  it('finds another seed of the noise at line 2', async () => {
    const { parting } = compareTraces(plain, await run(new CpuBackend(), undefined, 2), FLOAT32);
    expect(parting?.rows[0]?.line).to.equal(2);
  });

  it(
    'is the same on the CPU and on the device, within what float32 allows',
    onGpu(async (opened) => {
      const there = await run(new GpuBackend(opened));
      const { parting, worst } = compareTraces(plain, there, FLOAT32);
      expect(parting?.what).to.equal(undefined);
      expect(worst).to.be.within(2 ** -26, FLOAT32);
    }),
  );

  it('goes through JSON unharmed, NaN included', () => {
    expect(parseTrace('a.json', JSON.stringify(plain))).to.deep.equal(plain);
    const [row] = plain.rows;
    const broken = { ...plain, rows: [{ ...row, samples: [NaN, ...row.samples.slice(1)] }] };
    const read = parseTrace('a.json', JSON.stringify(broken));
    expect(read).to.deep.equal(broken);
    expect(compareTraces(read, broken, 0).parting).to.equal(undefined);
    expect(compareTraces(read, plain, 1).parting?.what).to.match(/^sample 0: NaN and/);
  });

  it('says where a run ended early or took another way', () => {
    const shorter = { ...plain, rows: plain.rows.slice(0, 5) };
    expect(compareTraces(plain, shorter, 1).parting).to.include({ index: 5, what: 'only one run goes on' });
    const other = { ...plain, rows: plain.rows.slice(1) };
    expect(compareTraces(plain, other, 1).parting?.what).to.equal('the runs are at different lines');
    const [{ shape: [, ...rest] }] = plain.rows; // prettier-ignore
    const larger = { ...plain, rows: [{ ...plain.rows[0], shape: [2, ...rest] }] };
    expect(compareTraces(plain, larger, 1).parting?.what).to.equal('the shapes differ');
  });

  it('refuses what is no trace', () => {
    expect(() => parseTrace('a.json', '{')).to.throw('a.json: expected a trace, got no JSON');
    for (const text of [
      'null',
      '[]',
      '{"format":"seeclear trace 0","rows":[]}',
      '{"format":"seeclear trace 1"}',
    ])
      expect(() => parseTrace('a.json', text), text).to.throw("expected a file of format 'seeclear trace 1'");
  });
});

describe('a row of a trace', () => {
  const about = { t: 1, line: 2, symbol: 'x', shape: [4], ms: 0 };

  it('has the statistics and the hash of its elements', () => {
    const values = Float32Array.of(-1, 0.5, 3, 1.5);
    const row = rowOf(about, values);
    expect(row).to.include({ min: -1, max: 3, mean: 1, bytes: 16 });
    expect(row.samples).to.deep.equal([...values]);
    const sha = createHash('sha256').update(Buffer.from(values.buffer)).digest('hex');
    expect(sha.startsWith(row.hash)).to.equal(true);
  });

  it('has a rounded hash that ignores the last digits, of either precision', () => {
    const coarse = Float64Array.of(-1, 0.503, 3.001, 1.502);
    const near = Float32Array.from(coarse, (v) => v * (1 + 1e-6));
    const [a, b] = [rowOf(about, coarse), rowOf(about, near)];
    expect(a.rounded).to.equal(b.rounded);
    expect(a.hash).not.to.equal(b.hash);
    expect(
      rowOf(
        about,
        coarse.map((v) => 1.01 * v),
      ).rounded,
    ).not.to.equal(a.rounded);
  });

  it('samples all of a small tensor, and different rows and columns of a large one', async () => {
    expect(samplePositions(64)).to.deep.equal(Array.from({ length: 64 }, (_, i) => i));
    const size = 96 * 64;
    const positions = samplePositions(size);
    expect(new Set(positions).size).to.equal(64);
    positions.forEach((i) => expect(i).to.be.within(0, size - 1));
    expect(new Set(positions.map((i) => i % 64)).size).to.be.greaterThan(16);
    expect(new Set(positions.map((i) => Math.floor(i / 64))).size).to.be.greaterThan(48);
    const all = await tensor(new CpuBackend(), [1], [2]).read();
    expect(rowOf({ ...about, shape: [1] }, all).samples).to.deep.equal([2]);
  });
});

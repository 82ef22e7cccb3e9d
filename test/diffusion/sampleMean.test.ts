import { expect } from 'chai';
import {
  type Denoiser,
  makeSchedule,
  defaultDiffusion,
  sampleClip,
  sampleMean,
} from '../../src/diffusion/index.js';
import {
  clamp,
  CpuBackend,
  free,
  lincomb,
  relu,
  scale,
  tensor,
  type Tensor,
} from '../../src/tensor/index.js';
import { white } from './setting.js';

const s = makeSchedule({ ...defaultDiffusion, T: 3 });
const shape = [2, 3, 16, 16];
const upscaled = clamp(scale(0.5, white(shape, 1)), -1, 1);
const last = 2 ** 32 - 1;
/** A denoiser whose results depend on the noise. */
const crude: Denoiser = (state, t) => lincomb([0.4, relu(state)], [0.1 * t, state]);
const mean = async (seed: number, samples: number): Promise<number[]> => [
  ...(await sampleMean(crude, upscaled, [0, 1], s, { seed, samples })).x0,
];
const average = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

describe('the mean of samples of a clip', () => {
  it('is the mean of what the seeds give one by one, 2^32 − 1 followed by 0', async () => {
    const each = await Promise.all(
      [last, 0, 1].map(async (seed) => (await sampleClip(crude, upscaled, [0, 1], s, { seed })).x0.read()),
    );
    const got = await mean(last, 3);
    got.forEach((v, i) => expect(v).to.be.closeTo(average(each.map((x) => x[i])), 1e-6));
    expect(await mean(last, 1)).to.deep.equal([...each[0]]);
  });

  it('has 1/K of the variance of one', async () => {
    const apart = async (samples: number): Promise<number> => {
      const [a, b] = await Promise.all([mean(0, samples), mean(100, samples)]);
      return average(a.map((v, i) => (v - b[i]) ** 2));
    };
    const one = await apart(1);
    expect(one).to.be.greaterThan(1e-3);
    for (const K of [2, 4, 8]) expect((K * (await apart(K))) / one).to.be.within(0.8, 1.25); // 1 ± 1.4/√1536, 6 σ
  });

  it('hands on what the first sample made, and leaves nothing else, also when a later one fails', async () => {
    const backend = new CpuBackend();
    const own = tensor(backend, shape, await upscaled.read());
    const carry = (): { made: Tensor } => ({ made: scale(1, own) });
    let calls = 0;
    const spy = (): { made: Tensor } => {
      calls++;
      return carry();
    };
    const before = backend.memory().tensors;
    const { carried } = await sampleMean(crude, own, [0, 1], s, { seed: 0, samples: 3 }, spy);
    expect([calls, backend.memory().tensors]).to.deep.equal([1, before + 1]);
    free({ carried });
    let steps = 0;
    const onStep = (): unknown => (++steps === 5 ? expect.fail('stopped') : undefined);
    const end = sampleMean(crude, own, [0, 1], s, { seed: 0, samples: 3, onStep }, carry);
    expect(await end.catch((error: unknown) => (error as Error).message)).to.equal('stopped');
    expect(backend.memory().tensors).to.equal(before);
  });

  it('of no sample or of half a one is none', async () => {
    for (const samples of [0, 1.5]) {
      const end = sampleMean(crude, upscaled, [0, 1], s, { seed: 0, samples });
      expect(await end.catch((error: unknown) => (error as Error).message)).to.equal(
        `sampleMean: expected a whole number of samples from 1 on, got ${samples}`,
      );
    }
  });
});

/** The same clip on the device, in float32, and on the CPU. */
import { expect } from 'chai';
import {
  defaultDiffusion,
  type Denoiser,
  makeSchedule,
  sampleClip,
  type SamplingRule,
  samplingSteps,
  trainingState,
} from '../../src/diffusion/index.js';
import { GpuBackend } from '../../src/kernels/runtime/gpuBackend.js';
import { type Backend, lincomb, relu, tensor } from '../../src/tensor/index.js';
import { onGpu } from '../support/gpu.js';
import { expectClose } from './close.js';
import { cpu, white } from './setting.js';

const shape = [2, 3, 16, 24];
const s = makeSchedule(defaultDiffusion);
const crude: Denoiser = (state, t) => lincomb([0.4, relu(state)], [0.02 * t, state]);

async function sampled(backend: Backend, rule: SamplingRule): Promise<ArrayLike<number>> {
  const upscaled = tensor(backend, shape, await white(shape, 1).read());
  return (await sampleClip(crude, upscaled, [3, 4], s, { seed: 11, rule })).x0.read();
}

async function trained(backend: Backend): Promise<ArrayLike<number>> {
  const [x0, xl, noise] = await Promise.all(
    [1, 2, 3].map(async (stream) => tensor(backend, shape, await white(shape, 5, stream).read())),
  );
  return trainingState(x0, xl, [2, 15], s, noise).state.read();
}

describe('diffusion on the device', () => {
  // 15 steps of about 20 roundings, each at most 2⁻²⁴ of numbers up to 10, and no step stretches an error: 2e-4.
  for (const rule of Object.keys(samplingSteps) as SamplingRule[])
    it(
      `samples what the CPU samples: ${rule}`,
      onGpu(async (opened) => {
        const [got, want] = [await sampled(new GpuBackend(opened), rule), await sampled(cpu, rule)];
        expect(Math.max(...Array.from(want))).to.be.greaterThan(0.1);
        await expectClose(got, want, 2e-4);
      }),
    );

  it(
    'makes the states that the CPU makes, for training',
    onGpu(async (opened) => expectClose(await trained(new GpuBackend(opened)), await trained(cpu), 1e-5)),
  );
});

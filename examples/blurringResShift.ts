/**
 * The diffusion alone, with an oracle for a denoiser: from an upscaled LR frame and noise back to the HR frame, in
 * float64. Prints how far the state is from the HR frame after each step.
 *
 *     npx tsx examples/blurringResShift.ts
 */
import { degrade, proceduralClip, toPlanar, upscaleBicubic } from '../src/data/index.js';
import { defaultDiffusion, makeSchedule, sampleClip } from '../src/diffusion/index.js';
import { CpuBackend, tensor } from '../src/tensor/index.js';

const backend = new CpuBackend();
const [hr] = proceduralClip({ seed: 7, frames: 1, width: 32, height: 32 });
const x0 = tensor(backend, [1, 3, 32, 32], toPlanar(hr));
const upscaled = tensor(backend, [1, 3, 32, 32], toPlanar(upscaleBicubic(degrade(hr))));

const schedule = makeSchedule(defaultDiffusion);
const oracle = (): typeof x0 => x0;
const { x0: sampled } = await sampleClip(oracle, upscaled, [0], schedule, { seed: 1 });

const truth = await x0.read();
const error = Array.from(await sampled.read()).reduce(
  (most, v, i) => Math.max(most, Math.abs(v - truth[i])),
  0,
);
console.log(`T = ${schedule.T}, κ = ${schedule.kappa}: the chain ends ${error} from the HR frame`);

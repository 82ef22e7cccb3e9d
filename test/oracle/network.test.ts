import { expect } from 'chai';
import {
  charbonnier,
  defaultDiffusion,
  type Denoiser,
  makeSchedule,
  sampleClip,
  trainingState,
} from '../../src/diffusion/index.js';
import {
  type Memory,
  PixelCondenser,
  type PixelCondenserOutput,
  type PixelCondenserParams,
} from '../../src/model/index.js';
import { grad, leaves, mul, type Tensor, variables } from '../../src/tensor/index.js';
import { adamState, adamStep } from '../../src/train/adam.js';
import { clipScale, gradientNorm } from '../../src/train/gradientNorm.js';
import type { StoredTensor } from '../../src/train/safetensors.js';
import {
  drawInputs,
  drawParams,
  expectSketched,
  type NetworkCase,
  type NetworkInputs,
  SEED,
} from '../support/networkOracle.js';
import { expectArray, type OracleCase, oracleCases } from '../support/oracle.js';

const RATE = 1e-3;
const CLIP_NORM = 1;

/** Of the greatest magnitude in an array, or of the norm of one that is sketched. */
const TOLERANCE = 1e-11;

/** After steps of Adam, to which rounding in a gradient near 0 counts as much as the gradient. */
const TRAINED_TOLERANCE = 1e-9;

/** Gradients below this share of the whole gradient are compared as if they were as large. */
const FLOOR = 1e-6;

const schedule = makeSchedule(defaultDiffusion);

/** x̂_0 and features of clips at a step for each. */
function run(
  net: PixelCondenser,
  { lr, upscaled, hr, noise, semantics }: NetworkInputs,
  steps: readonly number[],
  frames: number,
  memory?: Memory,
): PixelCondenserOutput {
  const t = steps.flatMap((step) => new Array<number>(frames).fill(step));
  const { state, scale: factor } = trainingState(hr, upscaled, t, schedule, noise);
  const [, , height, width] = lr.shape;
  const context = net.context(semantics, { frames, height, width }, memory);
  return net.forward({ state: mul(state, factor), lr, upscaled, t, frames, context });
}

/** The loss as in the last stage of training: second clips of videos ask what the first ones leave. */
function forward(
  { network, clips, frames, t }: NetworkCase,
  params: PixelCondenserParams,
  constant: PixelCondenserParams,
  own: NetworkInputs,
  previous: NetworkInputs,
): PixelCondenserOutput & { readonly loss: Tensor; readonly textures?: Tensor } {
  const net = new PixelCondenser(network, params);
  let memory = net.memory();
  if (memory) {
    const before = new PixelCondenser(network, constant);
    const last = new Array<number>(clips).fill(1);
    const { features } = run(before, previous, last, frames, before.memory());
    memory = net.remember(memory, features, frames);
  }
  const made = run(net, own, t, frames, memory);
  return { ...made, loss: charbonnier(own.hr, made.x0), ...(memory && { textures: memory.textures }) };
}

/** Adam with clipping, from the first loss to those after steps. */
async function expectTraining({ title, config, arrays }: OracleCase<NetworkCase>): Promise<void> {
  const [own, previous] = [drawInputs(config), drawInputs(config, 'previous')];
  const golden = (name: string): StoredTensor => arrays.get(`${title}/${name}`)!;
  const row = (name: string, i = 0): number[] => {
    const { shape, values } = golden(name);
    const length = shape[shape.length - 1];
    return Array.from(values.subarray(i * length, (i + 1) * length));
  };
  let params = drawParams(config.network);
  let adam = adamState(params);
  for (const [step, expectedLoss] of row('losses').entries()) {
    const trained = variables(params);
    const { loss, x0, features, textures } = forward(config, trained, params, own, previous);
    const named = leaves(trained);
    const grads = grad(
      loss,
      named.map(([, leaf]) => leaf),
    );
    const norm = gradientNorm(grads);
    const expectedNorm = row('norms')[step];
    const tolerance = step === 0 ? TOLERANCE : TRAINED_TOLERANCE;
    expect((await loss.item()) / expectedLoss - 1, `loss of step ${step}`).to.be.closeTo(0, tolerance);
    expect((await norm.item()) / expectedNorm - 1, `norm of step ${step}`).to.be.closeTo(0, tolerance);
    if (step === 0) {
      await expectSketched(x0, row('x0'), 'x0', TOLERANCE);
      for (const [k, f] of features.entries())
        await expectSketched(f, row(`features/${k}`), `features ${k}`, TOLERANCE);
      if (textures) await expectArray(textures, golden('textures'), 'textures', TOLERANCE);
      const byPath = new Map(named.map(([path], i) => [path, grads[i]]));
      const paths = [...byPath.keys()].sort();
      expect(golden('gradients').shape[0], 'number of parameters').to.equal(paths.length);
      for (const [i, path] of paths.entries())
        await expectSketched(
          byPath.get(path)!,
          row('gradients', i),
          `gradient of ${path}`,
          TOLERANCE,
          FLOOR * expectedNorm,
        );
      for (const [name, expected] of arrays) {
        const path = name.split(`${title}/gradient/`)[1];
        if (path) await expectArray(byPath.get(path)!, expected, `gradient of ${path}`, TOLERANCE);
      }
    }
    ({ params, state: adam } = adamStep(params, grads, adam, {
      lr: RATE,
      gradScale: clipScale(norm, CLIP_NORM),
    }));
  }
}

/** The first clip through all steps of the process, and the memory after it. */
async function expectSampling({ title, config, arrays }: OracleCase<NetworkCase>): Promise<void> {
  const { network, frames, height, width } = config;
  const { lr, upscaled, semantics } = drawInputs({ ...config, clips: 1 });
  const net = new PixelCondenser(network, drawParams(network));
  const memory = net.memory()!;
  const context = net.context(semantics, { frames, height, width }, memory);
  let features: readonly Tensor[] = [];
  const denoiser: Denoiser = (state, step) => {
    const t = new Array<number>(frames).fill(step);
    const made = net.forward({ state, lr, upscaled, t, frames, context });
    ({ features } = made);
    return made.x0;
  };
  const indices = Array.from({ length: frames }, (_, i) => i);
  const carry = (): Memory => net.remember(memory, features, frames);
  const { x0, carried } = await sampleClip(denoiser, upscaled, indices, schedule, { seed: SEED }, carry);
  const golden = (name: string): StoredTensor => arrays.get(`${title}/sampled/${name}`)!;
  await expectSketched(x0, Array.from(golden('x0').values), 'x0', TOLERANCE);
  await expectArray(carried!.textures, golden('textures'), 'textures', TOLERANCE);
}

describe('The whole network, against PyTorch', () => {
  for (const golden of oracleCases<NetworkCase>('network')) {
    it(`trains: ${golden.title}`, () => expectTraining(golden));
    if (golden.config.sampled) it(`samples: ${golden.title}`, () => expectSampling(golden));
  }
});

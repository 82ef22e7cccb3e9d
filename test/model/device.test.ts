/** Whole networks on the device against float64: what they make, and gradients by every parameter. */
import { expect } from 'chai';
import { matmul } from '../../src/kernels/matmul.js';
import {
  initPixelCondenser,
  initSemanticDistiller,
  type Memory,
  PixelCondenser,
  presets,
  SemanticDistiller,
  smallDistiller,
} from '../../src/model/index.js';
import {
  add,
  CpuBackend,
  grad,
  leaves,
  mapTree,
  mean,
  sizeOf,
  square,
  sub,
  tensor,
  type Tensor,
  variables,
} from '../../src/tensor/index.js';
import { values } from '../support/arbitraries.js';
import { expectRounded } from '../support/close.js';
import { onGpu } from '../support/gpu.js';
import { NetworkLaw, type Results } from '../support/networkLaw.js';
import { PerturbingBackend } from '../support/perturbingBackend.js';
import { noise, perturbed } from './support/module.js';

const backend = new CpuBackend();

describe('PerturbingBackend', () => {
  it('is off by the root of the roundings, up or down, and so within the law of a kernel', async () => {
    const [shapes, params] = [[[4, 8], [8, 16]], { ta: false, tb: false }]; // prettier-ignore
    const inputs = [values(1, 32), values(2, 128)];
    const exact = matmul.reference(inputs, shapes, params);
    const scale = matmul.errorScale!(inputs, shapes, params);
    const draw = new PerturbingBackend(1);
    const uploaded = inputs.map((x) => draw.upload(x));
    const found = await draw.read(draw.run(matmul, uploaded, shapes, params));
    expectRounded(found, exact, matmul.roundings(shapes, params), scale);
    const steps = Array.from(found, (v, i) => (v - exact[i]) / (2 ** -24 * scale[i]));
    for (const step of steps) expect(Math.abs(step)).to.be.closeTo(3, 1e-6); // √(8 + 1)
    expect(new Set(steps.map(Math.sign)).size).to.equal(2);
  });
});

describe('PixelCondenser, tiny, on the device', () => {
  const config = presets.tiny;
  const seed = 1;

  /** A clip of m frames and its semantics. */
  const clip = (frames: number, h: number, w: number, stream: number) => ({
    state: noise(backend, [frames, 3, 4 * h, 4 * w], seed, stream),
    lr: noise(backend, [frames, 3, h, w], seed, stream + 1),
    upscaled: noise(backend, [frames, 3, 4 * h, 4 * w], seed, stream + 2),
    tokens: noise(backend, [frames, 8, config.semantics.tokenChannels], seed, stream + 3),
    features: noise(backend, [frames, config.semantics.featureChannels, h, w], seed, stream + 4),
  });
  const inputs = {
    params: perturbed(initPixelCondenser(config, backend, seed), seed),
    before: clip(1, 8, 8, 1),
    now: clip(2, 8, 16, 11),
    target: noise(backend, [2, 3, 32, 64], seed, 21),
  };

  /**
   * What the lines of Algorithm 1 make of a clip that finds the memory of a clip before it (line 38 the features, line
   * 40 x̂_0), and the gradients of a loss.
   */
  const results = ({ params: values, before, now, target }: typeof inputs): Results => {
    const params = variables(values);
    const net = new PixelCondenser(config, params);
    const lines: Record<string, Tensor> = {};
    const run = ({ tokens, features, ...seen }: typeof now, t: number, memory: Memory) => {
      const [frames, , height, width] = seen.lr.shape;
      const context = net.context({ tokens, features }, { frames, height, width }, memory);
      const input = { ...seen, t: Array.from({ length: frames }, () => t), frames, context };
      return net.forward(input, (line, symbol, x) => (lines[`line ${line}: ${symbol}, t = ${t}`] = x));
    };
    const first = run(before, 3, net.memory()!);
    const memory = net.remember(net.memory()!, first.features, 1);
    const { x0 } = run(now, 9, memory);
    const named = leaves(params);
    const gradients = grad(
      mean(square(sub(x0, target))),
      named.map(([, leaf]) => leaf),
    );
    return {
      ...lines,
      textures: memory.textures,
      ...Object.fromEntries(named.map(([path], i) => [`gradient by ${path}`, gradients[i]])),
    };
  };

  let law: NetworkLaw<typeof inputs>;
  before(async () => {
    law = await NetworkLaw.of(inputs, results);
  });

  it('may be off by little: 10⁻⁴ of what lines make, 10⁻² of gradients', () => {
    const zero = law.limits.filter(({ norm }) => norm === 0).map(({ name }) => name);
    expect(zero).to.deep.equal(['gradient by encoder.3.spatial.position']); // windows of one pixel there
    for (const { name, norm, allowed } of law.limits)
      if (norm > 0) expect(allowed / norm, name).to.be.below(name.startsWith('gradient') ? 1e-2 : 1e-4);
  });

  it(
    'is off by no more, in what every line makes and in all gradients',
    onGpu((opened) => law.expectHeld(opened)),
  );

  for (const wrong of ['encoder.2.channel.out.weight', 'decoder.2.spatial.qkv'])
    it(`would be seen to have one weight wrong by 10⁻³ in ${wrong}`, async () => {
      const params = mapTree(inputs.params, (leaf, path) => (path === wrong ? firstMoved(leaf) : leaf));
      const shares = await law.shares(backend, { ...inputs, params });
      expect(Math.max(...shares.values())).to.be.greaterThan(1);
    });
});

/** x with 10⁻³ more in its first element. */
const firstMoved = (x: Tensor): Tensor => {
  const size = sizeOf(x.shape);
  const step = tensor(
    backend,
    x.shape,
    Array.from({ length: size }, (_, i) => (i === 0 ? 1e-3 : 0)),
  );
  return add(x, step);
};

describe('SemanticDistiller, small, on the device', () => {
  const config = { ...smallDistiller, words: ['red', 'blue', 'disc', 'square'] };
  const vocabulary = ['red disc', 'blue disc', 'blue square'];
  const seed = 1;
  const inputs = {
    params: perturbed(initSemanticDistiller(config, backend, seed), seed, 0.1), // more makes mask logits of 1000
    lr: noise(backend, [1, 3, 16, 16], seed),
  };
  const results = ({ params, lr }: typeof inputs): Results => ({
    ...new SemanticDistiller(config, params).forward(lr, vocabulary),
  });

  let law: NetworkLaw<typeof inputs>;
  before(async () => {
    law = await NetworkLaw.of(inputs, results);
  });

  it('may be off by little: 10⁻³', () => {
    for (const { name, norm, allowed } of law.limits) expect(allowed / norm, name).to.be.below(1e-3);
  });

  it(
    'is off by no more, in the queries it keeps and in all it says of them',
    onGpu((opened) => law.expectHeld(opened)),
  );
});

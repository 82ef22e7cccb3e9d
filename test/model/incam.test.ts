import { expect } from 'chai';
import fc from 'fast-check';
import { CrossAttention } from '../../src/model/blocks/crossAttention.js';
import {
  InCam,
  initInCam,
  modulated,
  modulation,
  relevanceGate,
  type InCamConfig,
} from '../../src/model/incam.js';
import { Initialiser } from '../../src/model/initialiser.js';
import {
  broadcastTo,
  CpuBackend,
  full,
  lincomb,
  reshape,
  scale,
  slice,
  sub,
  tensor,
  type Tensor,
} from '../../src/tensor/index.js';
import { expectClose } from '../support/close.js';
import { checkModule, noise, perturbed, rows } from './support/module.js';
import { dot, gridOf } from './support/naive.js';

const backend = new CpuBackend();
const config: InCamConfig = {
  channels: 4,
  headChannels: 2,
  featureChannels: 3,
  modulationChannels: 5,
  tokenChannels: 6,
  clipChannels: 3,
  gated: true,
};
const paramsOf = (seed: number) => perturbed(initInCam(config, new Initialiser(backend, seed)), seed);
const semantics = (n: number, h: number, seed: number) => ({
  tokens: noise(backend, [n, 2, 6], seed, 11),
  features: noise(backend, [n, 3, h, h], seed, 12),
});

describe('SeeClear (10), (line 26), (line 34): scale and bias from segmentation features', () => {
  it('are two halves of what G gives, which is positively homogeneous without biases', async () => {
    const { features, modulation: second } = paramsOf(1);
    const unbiased = {
      features: { weight: features.weight, bias: full(backend, [5], 0) },
      modulation: { weight: second.weight, bias: full(backend, [8], 0) },
    };
    const p = noise(backend, [2, 3, 4, 4], 1);
    const once = modulation(p, unbiased);
    const twice = modulation(scale(2, p), unbiased);
    expect(once.gamma.shape).to.deep.equal([2, 4, 4, 4]);
    expectClose(await twice.gamma.read(), await scale(2, once.gamma).read());
    expectClose(await twice.beta.read(), await scale(2, once.beta).read());
    const negated = modulation(scale(-1, p), unbiased); // ReLU makes G nonlinear
    expect(await negated.gamma.read()).not.to.deep.equal(await scale(-1, once.gamma).read());
  });

  it('see P at the size of the layer', () => {
    const block = new InCam(config, paramsOf(2));
    const { gamma, beta } = block.context(semantics(2, 8, 2), 4, 2);
    expect(gamma.shape).to.deep.equal([2, 4, 4, 2]);
    expect(beta.shape).to.deep.equal([2, 4, 4, 2]);
  });
});

describe('SeeClear (11), (line 27), (line 35): modulation', () => {
  const all = fc.record({ seed: fc.nat(1e6), c: fc.integer({ min: 1, max: 3 }) });

  it('keeps features where γ = β = 0, adds β where γ = −1 whatever they are, and is affine in them', () =>
    fc.assert(
      fc.asyncProperty(all, async ({ seed, c }) => {
        const [f, g, gamma, beta] = [1, 2, 3, 4].map((i) => noise(backend, [2, c, 3, 2], seed, i));
        const zero = full(backend, f.shape, 0);
        expectClose(await modulated(f, zero, zero).read(), await f.read());
        expectClose(await modulated(f, full(backend, f.shape, -1), beta).read(), await beta.read());
        const between = modulated(lincomb([0.3, f], [0.7, g]), gamma, beta);
        const ends = lincomb([0.3, modulated(f, gamma, beta)], [0.7, modulated(g, gamma, beta)]);
        expectClose(await between.read(), await ends.read());
      }),
      { numRuns: 10 },
    ));
});

describe('SeeClear (12), (13), (line 28), (line 36): semantics embedded by cross-attention', () => {
  it('adds to the modulated features what they read from the tokens of their own frame', async () => {
    const params = paramsOf(3);
    const block = new InCam({ ...config, gated: false }, params);
    const f = noise(backend, [2, 4, 4, 4], 3);
    const s = semantics(2, 4, 3);
    const { modulated: told, embedded } = block.forward(f, block.context(s, 4, 4));
    const cross = new CrossAttention({ channels: 4, from: 6, headChannels: 2 }, params.cross);
    expectClose(await sub(embedded, told).read(), await cross.forward(told, cross.ask(s.tokens)).read());
    // The other frame's tokens change nothing.
    const swapped = { ...s, tokens: rows(s.tokens, [0, 0], 0) };
    const again = block.forward(f, block.context(swapped, 4, 4)).embedded;
    expectClose(await slice(again, 0, 0, 1).read(), await slice(embedded, 0, 0, 1).read());
    expect(await slice(again, 0, 1, 2).read()).not.to.deep.equal(await slice(embedded, 0, 1, 2).read());
  });

  it('reads the mean of the values where all tokens are alike, whatever the pixel', async () => {
    const cross = new CrossAttention({ channels: 4, from: 6, headChannels: 2 }, paramsOf(4).cross);
    const one = noise(backend, [1, 1, 6], 4);
    const three = broadcastTo(one, [1, 3, 6]);
    const f = noise(backend, [1, 4, 2, 2], 4, 1);
    expectClose(
      await cross.forward(f, cross.ask(three)).read(),
      await cross.forward(f, cross.ask(one)).read(),
    );
  });
});

describe('SeeClear (15), (line 29), (line 37): relevance of pixels to the instances of the clip', () => {
  /** The greatest σ(⟨W f, o⟩ / √d), pixel by pixel. */
  async function naive(embedded: Tensor, clip: Tensor, relevance: Tensor): Promise<number[]> {
    const [f, o, w] = [await gridOf(embedded), await gridOf(clip), await gridOf(relevance)];
    const [n, c, height, width] = f.shape;
    const [b, q, d] = o.shape;
    const index = (length: number): number[] => Array.from({ length }, (_, i) => i);
    return index(n).flatMap((i) =>
      index(height).flatMap((y) =>
        index(width).map((x) => {
          const pixel = index(c).map((k) => f.at(i, k, y, x));
          const projected = index(d).map((k) =>
            dot(
              index(c).map((j) => w.at(k, j, 0, 0)),
              pixel,
            ),
          );
          const scores = index(q).map((t) =>
            dot(
              projected,
              index(d).map((k) => o.at(Math.floor(i / (n / b)), t, k)),
            ),
          );
          return Math.max(...scores.map((s) => 1 / (1 + Math.exp(-s / Math.sqrt(d)))));
        }),
      ),
    );
  }

  it('is the greatest over the tokens, of σ of the product of both', () =>
    fc.assert(
      fc.asyncProperty(
        fc.nat(1e6),
        fc.integer({ min: 1, max: 2 }),
        fc.integer({ min: 1, max: 3 }),
        async (seed, b, m) => {
          const [f, clip] = [noise(backend, [b * m, 4, 2, 3], seed), noise(backend, [b, 5, 3], seed, 1)];
          const w = noise(backend, [3, 4, 1, 1], seed, 2);
          const g = relevanceGate(f, clip, w);
          expect(g.shape).to.deep.equal([b * m, 1, 2, 3]);
          expectClose(await g.read(), await naive(f, clip, w));
        },
      ),
      { numRuns: 10 },
    ));

  it('does not care for the order of the tokens, and rises with more of them', async () => {
    const [f, clip, w] = [
      noise(backend, [2, 4, 2, 2], 1),
      noise(backend, [1, 4, 3], 2),
      noise(backend, [3, 4, 1, 1], 3),
    ];
    const g = await relevanceGate(f, clip, w).read();
    expectClose(await relevanceGate(f, rows(clip, [3, 0, 2, 1]), w).read(), g);
    const fewer = await relevanceGate(f, slice(clip, 1, 0, 2), w).read();
    fewer.forEach((v, i) => expect(g[i]).to.be.at.least(v));
  });

  it('is the same for all frames with the same features: tokens are the clip’s', async () => {
    const one = noise(backend, [1, 4, 2, 2], 4);
    const g = relevanceGate(
      rows(one, [0, 0, 0], 0),
      noise(backend, [1, 3, 3], 5),
      noise(backend, [3, 4, 1, 1], 6),
    );
    expectClose(await slice(g, 0, 2, 3).read(), await slice(g, 0, 0, 1).read());
  });
});

describe('InCam', () => {
  it('starts as the identity, half open everywhere but for what the tokens say', async () => {
    const block = new InCam(config, initInCam(config, new Initialiser(backend, 1)));
    const f = noise(backend, [2, 4, 4, 4], 1);
    const clip = noise(backend, [1, 3, 3], 2);
    const { embedded, gate } = block.forward(f, block.context(semantics(2, 4, 1), 4, 4), clip);
    expect(await embedded.read()).to.deep.equal(await f.read());
    for (const g of await gate!.read()) expect(g).to.be.within(0, 1);
  });

  it('differentiates in features, semantics, clip tokens and all parameters', () =>
    fc.assert(
      fc.asyncProperty(fc.nat(1e6), (seed) => {
        const { tokens, features } = semantics(2, 4, seed);
        const inputs = [
          noise(backend, [2, 4, 4, 4], seed),
          tokens,
          features,
          noise(backend, [1, 3, 3], seed, 13),
        ];
        return checkModule(
          paramsOf(seed),
          inputs,
          (p, f, tokens, features, clip) => {
            const block = new InCam(config, p);
            const made = block.forward(f, block.context({ tokens, features }, 4, 4), clip);
            return lincomb([1, made.embedded], [1, broadcastTo(made.gate!, f.shape)]);
          },
          seed,
          1e-2,
        );
      }),
      { numRuns: 3 },
    ));

  it('names what does not fit or is missing', () => {
    const params = paramsOf(1);
    const block = new InCam(config, params);
    const f = noise(backend, [2, 4, 4, 4], 1);
    expect(() => block.forward(f, block.context(semantics(2, 4, 1), 4, 4))).to.throw(
      'tokens of the clip, got none',
    );
    expect(() => block.context({ ...semantics(2, 4, 1), features: reshape(f, [2, 4, 4, 4]) }, 4, 4)).to.throw(
      'conv2d',
    );
    expect(() => new InCam({ ...config, clipChannels: 7 }, params)).to.throw(
      'InCam: relevance: expected [d=7',
    );
    expect(() => new InCam({ ...config, featureChannels: 2 }, params)).to.throw('InCam: features');
  });
});

/** Kept next to its only user: a tensor of one number everywhere is not enough to see the order of channels. */
describe('modulation', () => {
  it('takes γ from the first half of the channels and β from the second', async () => {
    const { features } = paramsOf(5);
    const bias = tensor(backend, [8], [1, 2, 3, 4, 5, 6, 7, 8]);
    const second = { weight: full(backend, [8, 5, 3, 3], 0), bias };
    const { gamma, beta } = modulation(noise(backend, [1, 3, 1, 1], 5), { features, modulation: second });
    expect([...(await gamma.read())]).to.deep.equal([1, 2, 3, 4]);
    expect([...(await beta.read())]).to.deep.equal([5, 6, 7, 8]);
  });
});

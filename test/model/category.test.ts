import { expect } from 'chai';
import fc from 'fast-check';
import { Category, channelSimilarity, embedTextures, initCategory } from '../../src/model/category.js';
import type { CategoryConfig } from '../../src/model/categoryConfig.js';
import { Initialiser } from '../../src/model/initialiser.js';
import {
  add,
  broadcastTo,
  CpuBackend,
  full,
  grad,
  lincomb,
  mapTree,
  matmul,
  mean,
  mul,
  permute,
  scale,
  slice,
  sub,
  sum,
  type Tensor,
  tensor,
  variable,
} from '../../src/tensor/index.js';
import { expectClose } from '../support/close.js';
import { checkModule, noise, perturbed, rows } from './support/module.js';

const backend = new CpuBackend();
const config: CategoryConfig = {
  tokens: 3,
  clipChannels: 4,
  layers: [4, 2, 2, 2],
  headChannels: 2,
  channels: 6,
  heads: 2,
  hidden: 5,
  side: 2,
  initial: 'normal',
};
const paramsOf = (seed: number) => perturbed(initCategory(config, new Initialiser(backend, seed)), seed);
/** What a decoder gives for b clips of m frames. */
const pyramid = (n: number, seed: number): Tensor[] =>
  config.layers.map((c, k) => noise(backend, [n, c, 2 ** k, 2 ** k], seed, 20 + k));
const memoryOf = (b: number, seed: number) => ({
  semantics: noise(backend, [3, 3], seed, 30),
  textures: noise(backend, [b, 3, 6], seed, 31),
});

describe('SeeClear (17): textures with channel-wise semantics embedded', () => {
  it('are the textures where C is the identity, reordered where it is a permutation, and linear in both', () =>
    fc.assert(
      fc.asyncProperty(fc.nat(1e6), async (seed) => {
        const T = noise(backend, [2, 3, 6], seed);
        const identity = tensor(backend, [3, 3], [1, 0, 0, 0, 1, 0, 0, 0, 1]);
        expectClose(await embedTextures(identity, T).read(), await T.read());
        const cycle = tensor(backend, [3, 3], [0, 1, 0, 0, 0, 1, 1, 0, 0]);
        expectClose(await embedTextures(cycle, T).read(), await rows(T, [1, 2, 0]).read());
        const [C, D] = [noise(backend, [3, 3], seed, 1), noise(backend, [3, 3], seed, 2)];
        expectClose(
          await embedTextures(add(C, D), T).read(),
          await add(embedTextures(C, T), embedTextures(D, T)).read(),
        );
      }),
      { numRuns: 10 },
    ));
});

describe('SeeClear (19): likeness of the channels of clip tokens to the groups of the memory', () => {
  it('is a distribution over the groups for each channel', () =>
    fc.assert(
      fc.asyncProperty(fc.nat(1e6), async (seed) => {
        const A = channelSimilarity(noise(backend, [2, 3, 4], seed), noise(backend, [3, 3], seed, 1));
        expect(A.shape).to.deep.equal([2, 4, 3]); // [b, d, q]
        expectClose(await sum(A, [2]).read(), new Array<number>(8).fill(1));
        expect(Math.min(...(await A.read()))).to.be.greaterThan(0);
      }),
      { numRuns: 10 },
    ));

  it('is even where C is zero, and permutes with the columns of C', async () => {
    const Oc = noise(backend, [1, 3, 4], 1);
    expectClose(
      await channelSimilarity(Oc, full(backend, [3, 3], 0)).read(),
      new Array<number>(12).fill(1 / 3),
    );
    const C = noise(backend, [3, 3], 2);
    expectClose(
      await channelSimilarity(Oc, rows(C, [2, 0, 1])).read(),
      await rows(channelSimilarity(Oc, C), [2, 0, 1], 2).read(),
    );
  });

  it('has log-ratios that are differences of O_cᵀ C', async () => {
    const [Oc, C] = [noise(backend, [1, 3, 4], 3), noise(backend, [3, 3], 4)];
    const A = await channelSimilarity(Oc, C).read();
    const S = await matmul(permute(Oc, [0, 2, 1]), C).read();
    for (let d = 0; d < 4; d++)
      expect(Math.log(A[3 * d] / A[3 * d + 1])).to.be.closeTo(S[3 * d] - S[3 * d + 1], 1e-10);
  });
});

describe('SeeClear (20), (line 38): features refined by the memory', () => {
  it('are the features at first, whatever the memory holds', async () => {
    const block = new Category(config, initCategory(config, new Initialiser(backend, 1)));
    const f = noise(backend, [2, 4, 3, 3], 1);
    const asked = block.ask(memoryOf(1, 1), noise(backend, [1, 3, 4], 2), 2);
    expect(await block.refine(f, asked[0], 0).read()).to.deep.equal(await f.read());
  });

  it('read nothing but a mean of values where all textures are alike: the same for all pixels and clips', async () => {
    const block = new Category(config, paramsOf(2));
    const one = broadcastTo(noise(backend, [1, 1, 6], 2), [1, 3, 6]);
    const memory = { semantics: noise(backend, [3, 3], 3), textures: one };
    const f = noise(backend, [2, 4, 2, 2], 4);
    const read = sub(block.refine(f, block.ask(memory, noise(backend, [2, 3, 4], 5), 1)[0], 0), f);
    const everywhere = broadcastTo(mean(read, [0, 2, 3], true), [2, 4, 2, 2]);
    expectClose(await read.read(), await everywhere.read());
  });

  it('depend on the clip by its tokens, and frames of a clip ask the same', async () => {
    const block = new Category(config, paramsOf(3));
    const memory = memoryOf(1, 3);
    const f = rows(noise(backend, [1, 4, 2, 2], 3), [0, 0, 0, 0], 0); // four equal frames, two clips
    const refined = block.refine(f, block.ask(memory, noise(backend, [2, 3, 4], 4), 2)[0], 0);
    const frame = (i: number): Promise<ArrayLike<number>> => slice(refined, 0, i, i + 1).read();
    expectClose(await frame(1), await frame(0));
    expect(await frame(2)).not.to.deep.equal(await frame(0));
  });

  it('reads a memory that is one for all clips as one that is given to each', async () => {
    const block = new Category(config, paramsOf(4));
    const memory = memoryOf(1, 4);
    const each = { ...memory, textures: broadcastTo(memory.textures, [2, 3, 6]) };
    const clip = noise(backend, [2, 3, 4], 5);
    const [a, b] = [block.ask(memory, clip, 2), block.ask(each, clip, 2)];
    for (let k = 0; k < 4; k++) expectClose(await a[k].keys.read(), await b[k].keys.read());
  });
});

describe('SeeClear (16), (18), (lines 30, 39, 43–44): construction of the memory', () => {
  it('keeps C, and makes textures of the same shape for each clip', () => {
    const block = new Category(config, paramsOf(1));
    const before = block.learned();
    const after = block.construct(before, pyramid(4, 1), 2);
    expect(after.semantics).to.equal(before.semantics);
    expect(before.textures.shape).to.deep.equal([1, 3, 6]);
    expect(after.textures.shape).to.deep.equal([2, 3, 6]);
  });

  it('leaves T̂ where nothing is read and nothing is fed forward', async () => {
    const silent = mapTree(paramsOf(2), (leaf, path) =>
      /^(cross|self)\.out|^feedForward\.down/.test(path) ? scale(0, leaf) : leaf,
    );
    const block = new Category(config, silent);
    const memory = memoryOf(2, 2);
    const { textures } = block.construct(memory, pyramid(4, 2), 2);
    expectClose(await textures.read(), await embedTextures(memory.semantics, memory.textures).read());
  });

  it('does not care for the order of the frames, keeps clips apart, and sees every layer', async () => {
    const block = new Category(config, paramsOf(3));
    const memory = memoryOf(1, 3);
    const features = pyramid(4, 3);
    const made = await block.construct(memory, features, 2).textures.read();
    const swapped = features.map((f) => rows(f, [1, 0, 3, 2], 0));
    expectClose(await block.construct(memory, swapped, 2).textures.read(), made);
    const first = block.construct(
      memory,
      features.map((f) => slice(f, 0, 0, 2)),
      2,
    );
    expectClose(await first.textures.read(), made.slice(0, 18));
    for (let k = 0; k < 4; k++) {
      const changed = features.map((f, i) => (i === k ? scale(1.5, f) : f));
      expect(await block.construct(memory, changed, 2).textures.read(), `layer ${k}`).not.to.deep.equal(made);
    }
  });

  it('takes features larger than its side by their means', async () => {
    const block = new Category(config, paramsOf(4));
    const features = pyramid(1, 4);
    // Patterns of mean zero within the blocks of the 8 × 8 map, 4 × 4 each, leave no trace.
    const checks = tensor(
      backend,
      [1, 2, 8, 8],
      Array.from({ length: 128 }, (_, i) => ((i + Math.floor(i / 8)) % 2 === 0 ? 1 : -1)),
    );
    const changed = features.map((f, k) => (k === 3 ? add(f, checks) : f));
    expectClose(
      await block.construct(block.learned(), changed, 1).textures.read(),
      await block.construct(block.learned(), features, 1).textures.read(),
    );
  });

  it('iterates: what a clip leaves is what the next one starts from', async () => {
    const block = new Category(config, paramsOf(5));
    const [a, b] = [pyramid(2, 5), pyramid(2, 6)];
    const one = block.construct(block.learned(), a, 2);
    const two = await block.construct(one, b, 2).textures.read();
    expect(two).not.to.deep.equal(await block.construct(block.learned(), b, 2).textures.read());
  });
});

describe('Category', () => {
  it('differentiates from features to refined features, in all parameters', () =>
    fc.assert(
      fc.asyncProperty(fc.nat(1e6), (seed) =>
        checkModule(
          paramsOf(seed),
          [...pyramid(2, seed), noise(backend, [1, 3, 4], seed, 40)],
          (p, a, b, c, d, clip) => {
            const block = new Category(config, p);
            const memory = block.construct(block.learned(), [a, b, c, d], 2);
            const asked = block.ask(memory, clip, 2);
            return [a, b, c, d]
              .map((f, k) => sum(mul(block.refine(f, asked[k], k), noise(backend, f.shape, seed, 50 + k))))
              .reduce((x, y) => lincomb([1, x], [1, y]));
          },
          seed,
          1e-2,
        ),
      ),
      { numRuns: 3 },
    ));

  it('starts at N(0, 0.02²), or at zero as printed', async () => {
    const spread = async (initial: 'normal' | 'zero'): Promise<number> => {
      const large = { ...config, tokens: 40, initial };
      const { semantics } = initCategory(large, new Initialiser(backend, 1));
      const values = Array.from(await semantics.read());
      return Math.sqrt(values.reduce((s, v) => s + v * v, 0) / 1600);
    };
    expect(await spread('normal')).to.be.closeTo(0.02, 0.002);
    expect(await spread('zero')).to.equal(0);
  });

  it('names what does not fit', () => {
    const block = new Category(config, paramsOf(1));
    expect(() => block.ask(memoryOf(1, 1), noise(backend, [1, 5, 4], 1), 1)).to.throw(
      'Category: clip: expected [b q=3 d]',
    );
    expect(() => new Category({ ...config, tokens: 4 }, block.params)).to.throw(
      'Category: semantics: expected [q=4',
    );
  });
});

describe('E3: memory that starts at zero, in the module', () => {
  /** Largest gradients in C̄ and T̄ of a clip that asks what M made of the memory. */
  async function largest(initial: 'normal' | 'zero', seed: number): Promise<[number, number]> {
    const started = initCategory({ ...config, initial }, new Initialiser(backend, seed));
    const rest = paramsOf(seed); // all but the memory itself has been trained
    const { semantics, textures } = {
      semantics: variable(started.semantics),
      textures: variable(started.textures),
    };
    const block = new Category(config, { ...rest, semantics, textures });
    const memory = block.construct(block.learned(), pyramid(2, seed), 2);
    const asked = block.ask(memory, noise(backend, [1, 3, 4], seed, 40), 2);
    const f = noise(backend, [2, 4, 2, 2], seed, 41);
    const loss = sum(mul(block.refine(f, asked[0], 0), noise(backend, f.shape, seed, 42)));
    const [inC, inT] = grad(loss, [semantics, textures]);
    const most = async (g: Tensor): Promise<number> => Math.max(...Array.from(await g.read(), Math.abs));
    return [await most(inC), await most(inT)];
  }

  it('is dead, and drawn from N(0, 0.02²) it learns', () =>
    fc.assert(
      fc.asyncProperty(fc.nat(1e5), async (seed) => {
        const [deadC, deadT] = await largest('zero', seed);
        expect(deadT).to.equal(0);
        expect(deadC).to.be.at.most(1e-13); // the rounding of a softmax over equal rows
        const [inC, inT] = await largest('normal', seed);
        expect(inC).to.be.greaterThan(1e-7);
        expect(inT).to.be.greaterThan(1e-7);
      }),
      { numRuns: 10 },
    ));
});

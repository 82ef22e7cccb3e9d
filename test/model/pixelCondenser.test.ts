import { expect } from 'chai';
import fc from 'fast-check';
import {
  type Components,
  initPixelCondenser,
  type Memory,
  PixelCondenser,
  presets,
  type PixelCondenserConfig,
  type PixelCondenserInput,
} from '../../src/model/index.js';
import {
  CpuBackend,
  grad,
  leaves,
  mapTree,
  mul,
  roll,
  scale,
  slice,
  tensor,
  type Tensor,
  variables,
} from '../../src/tensor/index.js';
import { expectClose } from '../support/close.js';
import { checkModule, noise, perturbed, rows } from './support/module.js';

const backend = new CpuBackend();
const baseline: Components = {
  dwt: true,
  attention: true,
  semantic: false,
  mfsa: false,
  incam: false,
  category: false,
};
/** Without semantics and memory: the baseline of Table 2. */
const tiny: PixelCondenserConfig = { ...presets.tiny, components: baseline };
/** As small as it can be with more than one head, group and window. */
const least: PixelCondenserConfig = {
  ...tiny,
  channels: [4, 4, 8, 8],
  timeChannels: 4,
  groups: 2,
  window: 2,
};

const input = (n: number, h: number, w: number, seed: number): PixelCondenserInput => ({
  state: noise(backend, [n, 3, 4 * h, 4 * w], seed, 1),
  lr: noise(backend, [n, 3, h, w], seed, 2),
  upscaled: noise(backend, [n, 3, 4 * h, 4 * w], seed, 3),
  t: Array.from({ length: n }, (_, i) => 1 + ((seed + 4 * i) % 15)),
  frames: 1,
});

/** Asserts that x0 depends on every parameter: each has a gradient of more than `least` somewhere. */
async function expectAlive(params: object, x0: Tensor, least: number): Promise<void> {
  const named = leaves(params);
  const gradients = grad(
    x0,
    named.map(([, leaf]) => leaf),
    noise(backend, x0.shape, 9),
  );
  for (const [i, [path]] of named.entries()) {
    const largest = Array.from(await gradients[i].read()).reduce((m, v) => Math.max(m, Math.abs(v)), 0);
    expect(largest, path).to.be.greaterThan(least);
  }
}

describe('SeeClear (lines 10–23, 25, 31–33, 40): PixelCondenser without semantics', () => {
  it('works on wavelet packets of two levels, 3 · 4² bands, with the 3 LR channels beside them', () => {
    const { convIn, convOut } = initPixelCondenser(least, backend, 1);
    expect(convIn.weight.shape).to.deep.equal([4, 3 * 4 ** 2 + 3, 3, 3]);
    expect(convOut.weight.shape).to.deep.equal([3 * 4 ** 2, 4, 3, 3]);
  });

  it('begins by returning the upscaled frames, exactly', async () => {
    const x = input(2, 8, 16, 1);
    const { x0 } = new PixelCondenser(tiny, initPixelCondenser(tiny, backend, 1)).forward(x);
    expect(await x0.read()).to.deep.equal(await x.upscaled.read());
  });

  it('differentiates as a whole, in its inputs and all parameters', () =>
    fc.assert(
      fc.asyncProperty(fc.nat(1e6), (seed) => {
        const { state, lr, upscaled, t } = input(2, 8, 8, seed);
        const params = perturbed(initPixelCondenser(least, backend, seed), seed);
        return checkModule(
          params,
          [state, lr, upscaled],
          (p, state, lr, upscaled) =>
            new PixelCondenser(least, p).forward({ state, lr, upscaled, t, frames: 1 }).x0,
          seed,
          1e-2,
        );
      }),
      { numRuns: 2 },
    ));

  it('has no dead parameter', async () => {
    const params = variables(perturbed(initPixelCondenser(least, backend, 2), 2));
    const { x0 } = new PixelCondenser(least, params).forward(input(2, 16, 16, 2));
    await expectAlive(params, x0, 1e-6);
  });

  it('treats each frame by itself, with its own timestep', async () => {
    const net = new PixelCondenser(least, perturbed(initPixelCondenser(least, backend, 3), 3));
    const { state, lr, upscaled, t } = input(3, 8, 8, 3);
    const one = {
      state: slice(state, 0, 1, 2),
      lr: slice(lr, 0, 1, 2),
      upscaled: slice(upscaled, 0, 1, 2),
      frames: 1,
    };
    const alone = await net.forward({ ...one, t: [t[1]] }).x0.read();
    const all = net.forward({ state, lr, upscaled, t, frames: 3 }).x0; // without MFSA it makes no difference
    expectClose(alone, await slice(all, 0, 1, 2).read());
    expect(await net.forward({ ...one, t: [t[1] + 1] }).x0.read()).not.to.deep.equal(alone);
  });

  it('moves with the image by 8 LR pixels, where neither borders nor positions within windows tell', async () => {
    // One window for the whole map, no position bias, and 3×3 filters that see their middle only.
    const config = { ...least, window: 16 };
    const middle = tensor(backend, [3, 3], [0, 0, 0, 0, 1, 0, 0, 0, 0]);
    const params = mapTree(perturbed(initPixelCondenser(config, backend, 4), 4), (leaf, path) => {
      if (path.endsWith('position')) return scale(0, leaf);
      return leaf.shape.at(-1) === 3 ? mul(leaf, middle) : leaf;
    });
    const net = new PixelCondenser(config, params);
    const { state, lr, upscaled, t } = input(1, 16, 16, 4);
    const moved = {
      state: roll(state, 3, 32),
      lr: roll(lr, 3, 8),
      upscaled: roll(upscaled, 3, 32),
      t,
      frames: 1,
    };
    const { x0 } = net.forward({ state, lr, upscaled, t, frames: 1 });
    expectClose(await net.forward(moved).x0.read(), await roll(x0, 3, 32).read());
    expect(await x0.read()).not.to.deep.equal(await roll(x0, 3, 32).read());
  });

  it('takes every multiple of its size rule, and smaller maps that its windows divide', () => {
    expect(PixelCondenser.multiple(least)).to.equal(16);
    const net = new PixelCondenser(least, initPixelCondenser(least, backend, 1));
    for (const [h, w] of [
      [16, 32],
      [8, 8],
      [8, 16],
    ])
      expect(net.forward(input(1, h, w, 1)).x0.shape).to.deep.equal([1, 3, 4 * h, 4 * w]);
    for (const [h, w] of [
      [12, 16],
      [4, 4],
      [16, 24],
    ])
      expect(() => net.forward(input(1, h, w, 1))).to.throw(
        'PixelCondenser: lr: expected h and w in multiples of 16',
      );
  });

  it('names what does not fit', () => {
    const params = initPixelCondenser(least, backend, 1);
    const net = new PixelCondenser(least, params);
    const x = input(2, 8, 8, 1);
    const other = input(2, 8, 16, 1);
    expect(() => net.forward({ ...x, lr: x.state })).to.throw(
      'PixelCondenser: state: expected [n=2 c=3 4h=128',
    );
    expect(() => net.forward({ ...x, upscaled: other.upscaled })).to.throw('PixelCondenser: upscaled');
    expect(() => net.forward({ ...x, t: [1] })).to.throw('PixelCondenser: t: expected [n=2], got [1]');
    expect(() => new PixelCondenser(tiny, params)).to.throw('expected');
    expect(() => net.forward({ ...x, frames: 3 })).to.throw('clips of 3 frames');
  });

  it('initialises a layer by its own name: resizing one leaves the others as they were', async () => {
    const wide = initPixelCondenser({ ...least, channels: [4, 4, 8, 16] }, backend, 1);
    const slim = initPixelCondenser(least, backend, 1);
    expect(await wide.encoder[0].first.conv1.weight.read()).to.deep.equal(
      await slim.encoder[0].first.conv1.weight.read(),
    );
    expect(await wide.decoder[3].channel!.qkv.read()).to.deep.equal(
      await slim.decoder[3].channel!.qkv.read(),
    );
    expect(await slim.decoder[2].channel!.qkv.read()).not.to.deep.equal(
      await slim.decoder[3].channel!.qkv.read(),
    );
    const reseeded = initPixelCondenser(least, backend, 2);
    expect(await reseeded.convIn.weight.read()).not.to.deep.equal(await slim.convIn.weight.read());
  });
});

describe('SeeClear (lines 24–39, 43–44): PixelCondenser with semantics and memory', () => {
  /** The whole network, with semantics of few channels. */
  const whole: PixelCondenserConfig = {
    ...least,
    frames: 2,
    components: presets.tiny.components,
    semantics: {
      ...presets.tiny.semantics,
      tokenChannels: 4,
      featureChannels: 3,
      modulationChannels: 2,
      channels: 4,
      hidden: 4,
      tokens: 3,
    },
    memory: { channels: 4, heads: 2, hidden: 4, side: 2, initial: 'normal' },
  };
  const paramsOf = (config: PixelCondenserConfig, seed: number) =>
    perturbed(initPixelCondenser(config, backend, seed), seed);
  const clips = (n: number, h: number, seed: number): PixelCondenserInput => ({
    ...input(n, h, h, seed),
    frames: 2,
  });
  const semantics = (n: number, seed: number) => ({
    tokens: noise(backend, [n, 2, 4], seed, 4),
    features: noise(backend, [n, 3, 4, 4], seed, 5),
  });
  /** What the network makes of clips that find `memory`. */
  const run = (net: PixelCondenser, n: number, h: number, seed: number, memory?: Memory) => {
    const context = net.context(semantics(n, seed), { frames: 2, height: h, width: h }, memory);
    return net.forward({ ...clips(n, h, seed), context });
  };

  it('begins by returning the upscaled frames, exactly, for every choice of components', async () => {
    const choices: Partial<Components>[] = [
      {},
      { category: false },
      { incam: false },
      { incam: false, category: false },
      { mfsa: false, incam: false },
      { mfsa: false, incam: false, category: false },
      { dwt: false },
      { ...baseline, attention: false },
    ];
    for (const choice of choices) {
      const config = { ...whole, components: { ...whole.components, ...choice } };
      const net = new PixelCondenser(config, initPixelCondenser(config, backend, 1));
      const x = clips(2, 8, 1);
      const { x0 } = run(net, 2, 8, 1, net.memory());
      expect(await x0.read(), JSON.stringify(choice)).to.deep.equal(await x.upscaled.read());
    }
  });

  it('refuses components without those that they need', () => {
    const broken: [Partial<Components>, string][] = [
      [{ semantic: false }, 'expected semantic with incam'],
      [{ mfsa: false }, 'expected mfsa with incam'],
      [{ attention: false }, 'expected attention with mfsa'],
      [{ incam: false, semantic: false }, 'expected semantic with category'],
    ];
    for (const [choice, message] of broken) {
      const config = { ...whole, components: { ...whole.components, ...choice } };
      expect(() => initPixelCondenser(config, backend, 1)).to.throw(RangeError, message);
    }
  });

  it('differentiates as a whole, from semantics and through the memory of a clip before', () =>
    fc.assert(
      fc.asyncProperty(fc.nat(1e6), (seed) => {
        const { state, lr, upscaled, t } = clips(2, 8, seed);
        const { tokens, features } = semantics(2, seed);
        return checkModule(
          paramsOf(whole, seed),
          [state, lr, upscaled, tokens, features],
          (p, state, lr, upscaled, tokens, features) => {
            const net = new PixelCondenser(whole, p);
            const size = { frames: 2, height: 8, width: 8 };
            const before = run(net, 2, 8, seed + 1, net.memory());
            const memory = net.remember(net.memory()!, before.features, 2);
            const context = net.context({ tokens, features }, size, memory);
            return net.forward({ state, lr, upscaled, t, frames: 2, context }).x0;
          },
          seed,
          1e-2,
        );
      }),
      { numRuns: 1 },
    ));

  it('has no dead parameter', async () => {
    const params = variables(paramsOf(whole, 2));
    const net = new PixelCondenser(whole, params);
    const before = run(net, 2, 16, 3, net.memory());
    const { x0 } = run(net, 2, 16, 2, net.remember(net.memory()!, before.features, 2));
    await expectAlive(params, x0, 1e-9);
  });

  it('sees the other frames of the clip, and no other clip', async () => {
    const net = new PixelCondenser(whole, paramsOf(whole, 3));
    const both = clips(4, 8, 3);
    const s = semantics(4, 3);
    const size = { frames: 2, height: 8, width: 8 };
    const { x0 } = net.forward({ ...both, context: net.context(s, size, net.memory()) });
    const pick = (order: number[]) => {
      const of = (x: Tensor): Tensor => rows(x, order, 0);
      const some = { tokens: of(s.tokens), features: of(s.features) };
      return net.forward({
        state: of(both.state),
        lr: of(both.lr),
        upscaled: of(both.upscaled),
        t: order.map((i) => both.t[i]),
        frames: 2,
        context: net.context(some, size, net.memory()),
      }).x0;
    };
    expectClose(await pick([2, 3]).read(), await slice(x0, 0, 2, 4).read());
    expect(await slice(pick([2, 1]), 0, 0, 1).read()).not.to.deep.equal(await slice(x0, 0, 2, 3).read());
  });

  it('is changed by the memory of the clip before, in the next clip only', async () => {
    const net = new PixelCondenser(whole, paramsOf(whole, 4));
    const learned = net.memory()!;
    const first = run(net, 2, 8, 4, learned);
    const after = net.remember(learned, first.features, 2);
    expect(after.semantics).to.equal(learned.semantics);
    expect(await run(net, 2, 8, 5, after).x0.read()).not.to.deep.equal(
      await run(net, 2, 8, 5, learned).x0.read(),
    );
    expect(await run(net, 2, 8, 4, learned).x0.read()).to.deep.equal(await first.x0.read());
  });

  it('without asking the memory is the network of the first stage: nothing of CaTeGory enters', async () => {
    const params = paramsOf(whole, 5);
    const without = { ...whole, components: { ...whole.components, category: false } };
    const kept = Object.entries(params).filter(([key]) => key !== 'category');
    const rest = Object.fromEntries(kept) as unknown as typeof params;
    expect(await run(new PixelCondenser(whole, params), 2, 8, 5).x0.read()).to.deep.equal(
      await run(new PixelCondenser(without, rest), 2, 8, 5).x0.read(),
    );
  });

  it('needs the context of its clips', () =>
    expect(() => new PixelCondenser(whole, paramsOf(whole, 1)).forward(clips(2, 8, 1))).to.throw(
      'expected the context of the clips',
    ));
});

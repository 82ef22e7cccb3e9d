import { expect } from 'chai';
import fc from 'fast-check';
import {
  initPixelCondenser,
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
  variables,
} from '../../src/tensor/index.js';
import { expectClose } from '../support/close.js';
import { checkModule, noise, perturbed } from './support/module.js';

const backend = new CpuBackend();
/** As small as it can be with more than one head, group and window. */
const least: PixelCondenserConfig = {
  ...presets.tiny,
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
});

describe('SeeClear (lines 10–23, 25, 31–33, 40): PixelCondenser', () => {
  it('works on wavelet packets of two levels, 3 · 4² bands, with the 3 LR channels beside them', () => {
    const { convIn, convOut } = initPixelCondenser(least, backend, 1);
    expect(convIn.weight.shape).to.deep.equal([4, 3 * 4 ** 2 + 3, 3, 3]);
    expect(convOut.weight.shape).to.deep.equal([3 * 4 ** 2, 4, 3, 3]);
  });

  it('begins by returning the upscaled frames, exactly', async () => {
    const x = input(2, 8, 16, 1);
    const x0 = new PixelCondenser(presets.tiny, initPixelCondenser(presets.tiny, backend, 1)).forward(x);
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
          (p, state, lr, upscaled) => new PixelCondenser(least, p).forward({ state, lr, upscaled, t }),
          seed,
          1e-2,
        );
      }),
      { numRuns: 2 },
    ));

  it('has no dead parameter', async () => {
    const params = variables(perturbed(initPixelCondenser(least, backend, 2), 2));
    const x0 = new PixelCondenser(least, params).forward(input(2, 16, 16, 2));
    const named = leaves(params);
    const gradients = grad(
      x0,
      named.map(([, leaf]) => leaf),
      noise(backend, x0.shape, 9),
    );
    for (const [i, [path]] of named.entries()) {
      const largest = Array.from(await gradients[i].read()).reduce((m, v) => Math.max(m, Math.abs(v)), 0);
      expect(largest, path).to.be.greaterThan(1e-6);
    }
  });

  it('treats each frame by itself, with its own timestep', async () => {
    const net = new PixelCondenser(least, perturbed(initPixelCondenser(least, backend, 3), 3));
    const { state, lr, upscaled, t } = input(3, 8, 8, 3);
    const one = { state: slice(state, 0, 1, 2), lr: slice(lr, 0, 1, 2), upscaled: slice(upscaled, 0, 1, 2) };
    const alone = await net.forward({ ...one, t: [t[1]] }).read();
    expectClose(alone, await slice(net.forward({ state, lr, upscaled, t }), 0, 1, 2).read());
    expect(await net.forward({ ...one, t: [t[1] + 1] }).read()).not.to.deep.equal(alone);
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
    const moved = { state: roll(state, 3, 32), lr: roll(lr, 3, 8), upscaled: roll(upscaled, 3, 32), t };
    const x0 = net.forward({ state, lr, upscaled, t });
    expectClose(await net.forward(moved).read(), await roll(x0, 3, 32).read());
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
      expect(net.forward(input(1, h, w, 1)).shape).to.deep.equal([1, 3, 4 * h, 4 * w]);
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
    expect(() => new PixelCondenser(presets.tiny, params)).to.throw('expected');
  });

  it('initialises a layer by its own name: resizing one leaves the others as they were', async () => {
    const wide = initPixelCondenser({ ...least, channels: [4, 4, 8, 16] }, backend, 1);
    const slim = initPixelCondenser(least, backend, 1);
    expect(await wide.encoder[0].first.conv1.weight.read()).to.deep.equal(
      await slim.encoder[0].first.conv1.weight.read(),
    );
    expect(await wide.decoder[3].channel.qkv.read()).to.deep.equal(await slim.decoder[3].channel.qkv.read());
    expect(await slim.decoder[2].channel.qkv.read()).not.to.deep.equal(
      await slim.decoder[3].channel.qkv.read(),
    );
    const reseeded = initPixelCondenser(least, backend, 2);
    expect(await reseeded.convIn.weight.read()).not.to.deep.equal(await slim.convIn.weight.read());
  });
});

import { expect } from 'chai';
import fc from 'fast-check';
import { FeedForward, initFeedForward } from '../../../src/model/blocks/feedForward.js';
import { GatedFeedForward, initGatedFeedForward } from '../../../src/model/blocks/gatedFeedForward.js';
import { Initialiser } from '../../../src/model/initialiser.js';
import { CpuBackend, mapTree, padZero, scale, slice } from '../../../src/tensor/index.js';
import { expectClose } from '../../support/close.js';
import { checkModule, noise, perturbed } from '../support/module.js';

const backend = new CpuBackend();
const config = { channels: 4, hidden: 5 };
const init = (seed: number) => new Initialiser(backend, seed);

describe('FeedForward', () => {
  it('starts as the identity', async () => {
    const x = noise(backend, [2, 4, 3, 2], 3);
    const y = new FeedForward(config, initFeedForward(config, init(1))).forward(x);
    expect(await y.read()).to.deep.equal(await x.read());
  });

  it('differentiates', () =>
    fc.assert(
      fc.asyncProperty(fc.nat(1e6), (seed) => {
        const params = perturbed(initFeedForward(config, init(seed)), seed);
        const x = noise(backend, [2, 4, 3, 2], seed);
        return checkModule(params, [x], (p, x) => new FeedForward(config, p).forward(x), seed);
      }),
      { numRuns: 5 },
    ));

  it('treats each pixel by itself', async () => {
    const block = new FeedForward(config, perturbed(initFeedForward(config, init(2)), 2));
    const x = noise(backend, [1, 4, 3, 4], 2);
    const cut = block.forward(slice(x, 3, 1, 2));
    expectClose(await cut.read(), await slice(block.forward(x), 3, 1, 2).read());
  });

  it('names what does not fit', () => {
    const params = initFeedForward(config, init(1));
    const x = noise(backend, [2, 3, 4, 4], 1);
    expect(() => new FeedForward(config, params).forward(x)).to.throw('FeedForward: x: expected [n c=4 h w]');
    expect(() => new FeedForward({ ...config, hidden: 6 }, params)).to.throw('FeedForward: up');
  });
});

describe('GatedFeedForward', () => {
  it('starts as the identity', async () => {
    const x = noise(backend, [2, 4, 3, 2], 3);
    const y = new GatedFeedForward(config, initGatedFeedForward(config, init(1))).forward(x);
    expect(await y.read()).to.deep.equal(await x.read());
  });

  it('differentiates', () =>
    fc.assert(
      fc.asyncProperty(fc.nat(1e6), (seed) => {
        const params = perturbed(initGatedFeedForward(config, init(seed)), seed);
        const x = noise(backend, [2, 4, 3, 2], seed);
        return checkModule(params, [x], (p, x) => new GatedFeedForward(config, p).forward(x), seed);
      }),
      { numRuns: 5 },
    ));

  it('sees the neighbours of a pixel, and nothing farther', async () => {
    const block = new GatedFeedForward(config, perturbed(initGatedFeedForward(config, init(2)), 2));
    const x = noise(backend, [1, 4, 1, 7], 2);
    const change = block.forward(padZero(slice(x, 3, 0, 6), 3, 0, 1));
    const [a, b] = [await block.forward(x).read(), await change.read()];
    const differs = (w: number) => [0, 1, 2, 3].some((c) => a[c * 7 + w] !== b[c * 7 + w]);
    expect([0, 1, 2, 3, 4].some(differs)).to.equal(false);
    expect(differs(5)).to.equal(true);
  });

  it('is closed while one half of the gate is zero', async () => {
    const params = perturbed(initGatedFeedForward(config, init(3)), 3);
    const x = noise(backend, [1, 4, 3, 3], 3);
    const zero = mapTree(params.down, (leaf) => scale(0, leaf));
    const bias = { weight: params.down.weight, bias: zero.bias };
    const shut = { ...params, down: bias, depthwise: padZero(slice(params.depthwise, 0, 0, 5), 0, 0, 5) };
    expect(await new GatedFeedForward(config, shut).forward(x).read()).to.deep.equal(await x.read());
    const open = { ...params, down: bias };
    expect(await new GatedFeedForward(config, open).forward(x).read()).not.to.deep.equal(await x.read());
  });

  it('names what does not fit', () => {
    const params = initGatedFeedForward(config, init(1));
    const x = noise(backend, [2, 3, 4, 4], 1);
    expect(() => new GatedFeedForward(config, params).forward(x)).to.throw(
      'GatedFeedForward: x: expected [n c=4',
    );
    expect(() => new GatedFeedForward({ ...config, hidden: 6 }, params)).to.throw('GatedFeedForward: up');
  });
});

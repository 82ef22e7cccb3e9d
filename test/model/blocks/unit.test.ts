import { expect } from 'chai';
import fc from 'fast-check';
import { ResBlock } from '../../../src/model/blocks/resBlock.js';
import { initUnit, Unit } from '../../../src/model/blocks/unit.js';
import { WindowAttention } from '../../../src/model/blocks/windowAttention.js';
import { InCam } from '../../../src/model/incam.js';
import { Initialiser } from '../../../src/model/initialiser.js';
import { CpuBackend, mapTree, scale } from '../../../src/tensor/index.js';
import { expectClose } from '../../support/close.js';
import { checkModule, noise, perturbed } from '../support/module.js';

const backend = new CpuBackend();
const config = {
  from: 4,
  to: 6,
  shifted: true,
  timeChannels: 4,
  groups: 2,
  headChannels: 3,
  window: 2,
  feedForwardRatio: 1.5,
  gatedRatio: 1.2,
  attention: true,
  frames: 1,
};
/** With InCAM and multi-frame attention. */
const semantic = {
  ...config,
  frames: 2,
  semantics: { featureChannels: 2, modulationChannels: 3, tokenChannels: 5, clipChannels: 4, gated: true },
};

describe('Unit', () => {
  it('differentiates as a whole', () =>
    fc.assert(
      fc.asyncProperty(fc.nat(1e6), (seed) => {
        const params = perturbed(initUnit(config, new Initialiser(backend, seed)), seed);
        const inputs = [noise(backend, [2, 4, 4, 4], seed), noise(backend, [2, 4, 1, 1], seed, 1)];
        return checkModule(params, inputs, (p, x, e) => new Unit(config, p).forward(x, e), seed);
      }),
      { numRuns: 3 },
    ));

  it('differentiates as a whole, with semantics and through frames', async () => {
    const params = perturbed(initUnit(semantic, new Initialiser(backend, 4)), 4);
    const inputs = [
      noise(backend, [2, 4, 4, 4], 4),
      noise(backend, [2, 4, 1, 1], 4, 1),
      noise(backend, [2, 3, 5], 4, 2),
      noise(backend, [2, 2, 4, 4], 4, 3),
      noise(backend, [1, 2, 4], 4, 4),
    ];
    await checkModule(
      params,
      inputs,
      (p, x, e, tokens, features, clip) => {
        const unit = new Unit(semantic, p);
        const semantics = unit.context({ tokens, features }, 4, 4)!;
        return unit.forward(x, e, { frames: 2, semantics, clip });
      },
      4,
      1e-2,
    );
  });

  it('without attention is its two residual blocks', async () => {
    const bare = { ...config, attention: false };
    const params = perturbed(initUnit(bare, new Initialiser(backend, 5)), 5);
    expect(Object.keys(params)).to.deep.equal(['first', 'second']);
    const [x, e] = [noise(backend, [1, 4, 4, 4], 5), noise(backend, [1, 4, 1, 1], 5, 1)];
    const first = new ResBlock(config, params.first).forward(x, e);
    const second = new ResBlock({ ...config, from: 6 }, params.second).forward(first, e);
    expect(await new Unit(bare, params).forward(x, e).read()).to.deep.equal(await second.read());
  });

  it('has InCAM after the first residual block, and then attention through frames', async () => {
    const params = mapTree(perturbed(initUnit(semantic, new Initialiser(backend, 7)), 7), (leaf, path) =>
      /^(channel\.out|(channel|spatial)FeedForward\.down)/.test(path) ? scale(0, leaf) : leaf,
    );
    const unit = new Unit(semantic, params);
    const [x, e] = [noise(backend, [2, 4, 4, 4], 7), noise(backend, [2, 4, 1, 1], 7, 1)];
    const [tokens, features] = [noise(backend, [2, 3, 5], 7, 2), noise(backend, [2, 2, 4, 4], 7, 3)];
    const [semantics, clip] = [unit.context({ tokens, features }, 4, 4)!, noise(backend, [1, 2, 4], 7, 4)];
    const incam = new InCam({ ...semantic.semantics, channels: 6, headChannels: 3 }, params.incam!);
    const attention = new WindowAttention({ ...semantic, channels: 6 }, params.spatial!);
    const first = new ResBlock(config, params.first).forward(x, e);
    const { embedded, gate } = incam.forward(first, semantics, clip);
    const attended = attention.forward(embedded, 2, gate);
    const second = new ResBlock({ ...config, from: 6 }, params.second).forward(attended, e);
    expectClose(await unit.forward(x, e, { frames: 2, semantics, clip }).read(), await second.read());
  });

  it('shows what InCAM makes', () => {
    const unit = new Unit(semantic, perturbed(initUnit(semantic, new Initialiser(backend, 6)), 6));
    const semantics = unit.context(
      { tokens: noise(backend, [2, 3, 5], 6), features: noise(backend, [2, 2, 8, 8], 6) },
      4,
      4,
    )!;
    const shown: number[][] = [];
    unit.forward(noise(backend, [2, 4, 4, 4], 6), noise(backend, [2, 4, 1, 1], 6), {
      frames: 2,
      semantics,
      clip: noise(backend, [1, 2, 4], 6),
      observe: ({ modulated, embedded, gate }) => {
        shown.push([...modulated.shape], [...embedded.shape], [...gate!.shape]);
      },
    });
    expect(shown).to.deep.equal([
      [2, 6, 4, 4],
      [2, 6, 4, 4],
      [2, 1, 4, 4],
    ]);
  });

  it('rounds the hidden channels to whole ones', () => {
    const { spatialFeedForward, channelFeedForward } = initUnit(config, new Initialiser(backend, 1));
    expect(spatialFeedForward?.up.bias.shape).to.deep.equal([9]); // 1.5 · 6
    expect(channelFeedForward?.down.weight.shape).to.deep.equal([6, 7, 1, 1]); // 1.2 · 6 = 7.2
  });

  it('refuses parameters of another configuration', () => {
    const params = initUnit(config, new Initialiser(backend, 1));
    expect(() => new Unit({ ...config, to: 12 }, params)).to.throw('ResBlock: conv1: expected [to=12 from=4');
    expect(() => new Unit({ ...config, window: 3 }, params)).to.throw('WindowAttention: position');
    expect(() => new Unit(semantic, params)).to.throw('expected parameters of incam, got none');
  });
});

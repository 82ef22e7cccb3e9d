import { expect } from 'chai';
import fc from 'fast-check';
import { initUnit, Unit } from '../../../src/model/blocks/unit.js';
import { Initialiser } from '../../../src/model/initialiser.js';
import { CpuBackend } from '../../../src/tensor/index.js';
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

  it('rounds the hidden channels to whole ones', () => {
    const { spatialFeedForward, channelFeedForward } = initUnit(config, new Initialiser(backend, 1));
    expect(spatialFeedForward.up.bias.shape).to.deep.equal([9]); // 1.5 · 6
    expect(channelFeedForward.down.weight.shape).to.deep.equal([6, 7, 1, 1]); // 1.2 · 6 = 7.2
  });

  it('refuses parameters of another configuration', () => {
    const params = initUnit(config, new Initialiser(backend, 1));
    expect(() => new Unit({ ...config, to: 12 }, params)).to.throw('ResBlock: conv1: expected [to=12 from=4');
    expect(() => new Unit({ ...config, window: 3 }, params)).to.throw('WindowAttention: position');
  });
});

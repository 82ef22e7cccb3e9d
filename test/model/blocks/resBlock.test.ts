import { expect } from 'chai';
import fc from 'fast-check';
import { initResBlock, ResBlock } from '../../../src/model/blocks/resBlock.js';
import { Initialiser } from '../../../src/model/initialiser.js';
import { CpuBackend, slice } from '../../../src/tensor/index.js';
import { expectClose } from '../../support/close.js';
import { checkModule, noise, perturbed } from '../support/module.js';

const backend = new CpuBackend();
const config = { from: 4, to: 6, timeChannels: 3, groups: 2 };
const same = { ...config, to: 4 };
const params = initResBlock(config, new Initialiser(backend, 1));
const time = (seed: number, n = 2) => noise(backend, [n, 3, 1, 1], seed, 1);

describe('ResBlock', () => {
  it('starts as the identity where channels are kept', async () => {
    const x = noise(backend, [2, 4, 3, 5], 7);
    const block = new ResBlock(same, initResBlock(same, new Initialiser(backend, 1)));
    expect(await block.forward(x, time(7)).read()).to.deep.equal(await x.read());
  });

  it('starts as its 1×1 skip where they change, and only there has one', () => {
    expect(params.skip?.weight.shape).to.deep.equal([6, 4, 1, 1]);
    expect(initResBlock(same, new Initialiser(backend, 1)).skip).to.equal(undefined);
  });

  for (const sizes of [config, same])
    it(`differentiates, ${sizes.from} → ${sizes.to} channels`, () =>
      fc.assert(
        fc.asyncProperty(fc.nat(1e6), (seed) => {
          const start = perturbed(initResBlock(sizes, new Initialiser(backend, seed)), seed);
          const inputs = [noise(backend, [2, 4, 3, 4], seed), time(seed)];
          return checkModule(start, inputs, (p, x, e) => new ResBlock(sizes, p).forward(x, e), seed);
        }),
        { numRuns: 5 },
      ));

  it('treats each frame by itself, with its own time', async () => {
    const block = new ResBlock(config, perturbed(params, 3));
    const [x, e] = [noise(backend, [3, 4, 3, 4], 5), time(5, 3)];
    const together = slice(block.forward(x, e), 0, 1, 2);
    const alone = block.forward(slice(x, 0, 1, 2), slice(e, 0, 1, 2));
    const otherTime = block.forward(slice(x, 0, 1, 2), slice(e, 0, 2, 3));
    expectClose(await alone.read(), await together.read());
    expect(await otherTime.read()).not.to.deep.equal(await alone.read());
  });

  it('names what does not fit', () => {
    const block = new ResBlock(config, params);
    expect(() => block.forward(noise(backend, [2, 5, 4, 4], 1), time(1))).to.throw(
      'ResBlock: x: expected [n c=4 h w]',
    );
    expect(() => block.forward(noise(backend, [3, 4, 4, 4], 1), time(1))).to.throw(
      'ResBlock: time: expected [n=3',
    );
    expect(() => new ResBlock({ ...config, from: 8 }, params)).to.throw('ResBlock: conv1');
  });
});

import { expect } from 'chai';
import fc from 'fast-check';
import { Initialiser } from '../../src/model/initialiser.js';
import { initInstanceTokens, InstanceTokens } from '../../src/model/instanceTokens.js';
import { CpuBackend, slice } from '../../src/tensor/index.js';
import { expectClose } from '../support/close.js';
import { checkModule, noise, perturbed, rows } from './support/module.js';

const backend = new CpuBackend();
const config = {
  tokenChannels: 3,
  channels: 4,
  heads: 2,
  hidden: 6,
  encoderLayers: 2,
  decoderLayers: 1,
  tokens: 3,
};
const paramsOf = (seed: number) =>
  perturbed(initInstanceTokens(config, new Initialiser(backend, seed)), seed);
const blockOf = (seed: number): InstanceTokens => new InstanceTokens(config, paramsOf(seed));

describe('SeeClear (14), (line 24): tokens of a clip from tokens of its frames', () => {
  it('are q for each clip, whatever the frames and their tokens', () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 4 }),
        (b, m, k) => {
          expect(blockOf(1).forward(noise(backend, [b * m, k, 3], 1), m).shape).to.deep.equal([b, 3, 4]);
        },
      ),
      { numRuns: 10 },
    ));

  it('do not depend on the order of frames, nor of the tokens within a frame', async () => {
    const block = blockOf(2);
    const tokens = noise(backend, [3, 4, 3], 2);
    const clip = await block.forward(tokens, 3).read();
    expectClose(await block.forward(rows(tokens, [2, 0, 1], 0), 3).read(), clip);
    expectClose(await block.forward(rows(tokens, [3, 1, 0, 2]), 3).read(), clip);
  });

  it('depend on every frame of the clip, and on no other clip', async () => {
    const block = blockOf(3);
    const tokens = noise(backend, [4, 2, 3], 3);
    const both = block.forward(tokens, 2);
    expectClose(await slice(both, 0, 1, 2).read(), await block.forward(slice(tokens, 0, 2, 4), 2).read());
    const twice = rows(tokens, [0, 0, 2, 3], 0); // the second frame replaced by the first
    const [a, b] = [await both.read(), await block.forward(twice, 2).read()];
    expect(a.slice(0, 12)).not.to.deep.equal(b.slice(0, 12));
    expect(a.slice(12)).to.deep.equal(b.slice(12));
  });

  it('differ from each other: the learned tokens Ô ask for different things', async () => {
    const [first, second] = [0, 1].map((i) =>
      slice(blockOf(4).forward(noise(backend, [2, 3, 3], 4), 2), 1, i, i + 1),
    );
    expect(await first.read()).not.to.deep.equal(await second.read());
  });

  it('differentiate in the tokens and all parameters', () =>
    fc.assert(
      fc.asyncProperty(fc.nat(1e6), (seed) =>
        checkModule(
          paramsOf(seed),
          [noise(backend, [4, 2, 3], seed)],
          (p, tokens) => new InstanceTokens(config, p).forward(tokens, 2),
          seed,
          1e-2,
        ),
      ),
      { numRuns: 3 },
    ));

  it('name what does not fit', () => {
    expect(() => blockOf(1).forward(noise(backend, [2, 3, 4], 1), 2)).to.throw(
      'InstanceTokens: tokens: expected [n k o=3]',
    );
    expect(() => new InstanceTokens({ ...config, tokens: 5 }, paramsOf(1))).to.throw(
      'InstanceTokens: queries',
    );
  });
});

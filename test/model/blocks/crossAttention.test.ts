import { expect } from 'chai';
import fc from 'fast-check';
import { CrossAttention, initCrossAttention } from '../../../src/model/blocks/crossAttention.js';
import { TokenAttention } from '../../../src/model/blocks/tokenAttention.js';
import { Initialiser } from '../../../src/model/initialiser.js';
import { CpuBackend, layerNorm, permute, reshape, type Tensor } from '../../../src/tensor/index.js';
import { expectClose } from '../../support/close.js';
import { checkModule, noise, perturbed, rows } from '../support/module.js';

const backend = new CpuBackend();
const config = { channels: 4, from: 3, headChannels: 2 };
const paramsOf = (seed: number) =>
  perturbed(initCrossAttention(config, new Initialiser(backend, seed)), seed);

/** Pixels [n, c, h, w] as tokens [n, hw, c]. */
const asTokens = (x: Tensor): Tensor => {
  const [n, c, h, w] = x.shape;
  return permute(reshape(x, [n, c, h * w]), [0, 2, 1]);
};

const setting = fc.record({
  seed: fc.nat(1e6),
  n: fc.integer({ min: 1, max: 2 }),
  h: fc.integer({ min: 1, max: 3 }),
  w: fc.integer({ min: 1, max: 3 }),
  k: fc.integer({ min: 1, max: 4 }),
});

describe('CrossAttention', () => {
  it('is attention between tokens, with normalised pixels as those that ask', () =>
    fc.assert(
      fc.asyncProperty(setting, async ({ seed, n, h, w, k }) => {
        const { norm, query, key, value, out } = paramsOf(seed);
        const block = new CrossAttention(config, { norm, query, key, value, out });
        const [f, o] = [noise(backend, [n, 4, h, w], seed), noise(backend, [n, k, 3], seed, 1)];
        const flat = ({ weight, bias }: typeof query) => ({ weight: reshape(weight, [4, 4]), bias });
        const between = new TokenAttention(
          { channels: 4, from: 3, inner: 4, heads: 2 },
          { query: flat(query), key, value, out: flat(out) },
        );
        const asked = between.forward(layerNorm(asTokens(f), norm.gamma, norm.beta, 2), o);
        expectClose(await asTokens(block.forward(f, block.ask(o))).read(), await asked.read());
      }),
      { numRuns: 20 },
    ));

  it('does not care for the order of the tokens', async () => {
    const block = new CrossAttention(config, paramsOf(2));
    const [f, o] = [noise(backend, [2, 4, 2, 3], 2), noise(backend, [2, 4, 3], 2, 1)];
    const y = await block.forward(f, block.ask(o)).read();
    expectClose(await block.forward(f, block.ask(rows(o, [3, 1, 2, 0]))).read(), y);
  });

  it('differentiates', () =>
    fc.assert(
      fc.asyncProperty(setting, ({ seed, n, h, w, k }) =>
        checkModule(
          paramsOf(seed),
          [noise(backend, [n, 4, h, w], seed), noise(backend, [n, k + 1, 3], seed, 1)],
          (p, f, o) => {
            const block = new CrossAttention(config, p);
            return block.forward(f, block.ask(o));
          },
          seed,
          1e-1,
        ),
      ),
      { numRuns: 5 },
    ));

  it('gives nothing at first', async () => {
    const block = new CrossAttention(config, initCrossAttention(config, new Initialiser(backend, 1)));
    const y = block.forward(noise(backend, [1, 4, 2, 2], 1), block.ask(noise(backend, [1, 3, 3], 2)));
    expect([...(await y.read())]).to.deep.equal(new Array(16).fill(0));
  });

  it('names what does not fit', () => {
    const block = new CrossAttention(config, paramsOf(1));
    const asked = block.ask(noise(backend, [2, 3, 3], 1));
    expect(() => block.forward(noise(backend, [3, 4, 2, 2], 1), asked)).to.throw(
      'CrossAttention: keys: expected [n=3 heads=2 k d=2]',
    );
    expect(() => block.ask(noise(backend, [2, 3, 4], 1))).to.throw(
      'CrossAttention: tokens: expected [n k e=3]',
    );
    expect(() => new CrossAttention({ ...config, headChannels: 3 }, block.params)).to.throw('a divisor of 4');
  });
});

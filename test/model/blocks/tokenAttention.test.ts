import { expect } from 'chai';
import fc from 'fast-check';
import { initTokenAttention, TokenAttention } from '../../../src/model/blocks/tokenAttention.js';
import {
  DecoderLayer,
  EncoderLayer,
  initDecoderLayer,
  initEncoderLayer,
} from '../../../src/model/blocks/tokenLayers.js';
import { Initialiser } from '../../../src/model/initialiser.js';
import { CpuBackend, type Tensor } from '../../../src/tensor/index.js';
import { expectClose } from '../../support/close.js';
import { checkModule, noise, perturbed, rows } from '../support/module.js';
import { dot, gridOf, type Grid, softmaxOf } from '../support/naive.js';

const backend = new CpuBackend();
const config = { channels: 4, from: 3, inner: 6, heads: 2 };
const paramsOf = (seed: number, c = config) =>
  perturbed(initTokenAttention(c, new Initialiser(backend, seed)), seed);

/** W v + b, for W [to, from]. */
const affine = (v: readonly number[], weight: Grid, bias?: Grid): number[] =>
  Array.from({ length: weight.shape[0] }, (_, o) =>
    v.reduce((sum, x, i) => sum + weight.at(o, i) * x, bias?.at(o) ?? 0),
  );

/** The definition, token by token. */
async function naive({ config, params }: TokenAttention, x: Tensor, tokens: Tensor): Promise<number[]> {
  const { inner, heads } = config;
  const d = inner / heads;
  const [X, O] = [await gridOf(x), await gridOf(tokens)];
  const [wq, bq, wk, wv, bv, wo, bo] = await Promise.all(
    [
      params.query.weight,
      params.query.bias,
      params.key,
      params.value.weight,
      params.value.bias,
      params.out.weight,
      params.out.bias,
    ].map(gridOf),
  );
  const [b, q, c] = X.shape;
  const row = (g: Grid, i: number, j: number): number[] =>
    Array.from({ length: g.shape[2] }, (_, k) => g.at(i, j, k));
  const result: number[] = [];
  for (let i = 0; i < b; i++)
    for (let j = 0; j < q; j++) {
      const query = affine(row(X, i, j), wq, bq);
      const asked = Array.from({ length: O.shape[1] }, (_, k) => row(O, i, k));
      const read = Array.from({ length: heads }, (_, h) => {
        const part = (v: readonly number[]): number[] => v.slice(h * d, (h + 1) * d);
        const weights = softmaxOf(asked.map((o) => dot(part(query), part(affine(o, wk))) / Math.sqrt(d)));
        const values = asked.map((o) => part(affine(o, wv, bv)));
        return Array.from({ length: d }, (_, at) =>
          dot(
            weights,
            values.map((v) => v[at]),
          ),
        );
      }).flat();
      result.push(...affine(read, wo, bo));
    }
  expect(result.length).to.equal(b * q * c);
  return result;
}

const setting = fc.record({
  seed: fc.nat(1e6),
  b: fc.integer({ min: 1, max: 2 }),
  q: fc.integer({ min: 1, max: 4 }),
  k: fc.integer({ min: 1, max: 5 }),
});

describe('TokenAttention', () => {
  it('is attention as its formula says, head by head', () =>
    fc.assert(
      fc.asyncProperty(setting, async ({ seed, b, q, k }) => {
        const block = new TokenAttention(config, paramsOf(seed));
        const [x, tokens] = [noise(backend, [b, q, 4], seed), noise(backend, [b, k, 3], seed, 1)];
        expectClose(await block.forward(x, tokens).read(), await naive(block, x, tokens));
      }),
      { numRuns: 20 },
    ));

  it('does not care for the order of the tokens it asks', async () => {
    const block = new TokenAttention(config, paramsOf(1));
    const [x, tokens] = [noise(backend, [2, 3, 4], 1), noise(backend, [2, 4, 3], 1, 1)];
    const y = await block.forward(x, tokens).read();
    expectClose(await block.forward(x, rows(tokens, [2, 0, 3, 1])).read(), y);
  });

  it('differentiates', () =>
    fc.assert(
      fc.asyncProperty(setting, ({ seed, b, q, k }) =>
        checkModule(
          paramsOf(seed),
          [noise(backend, [b, q, 4], seed), noise(backend, [b, k + 1, 3], seed, 1)],
          (p, x, tokens) => new TokenAttention(config, p).forward(x, tokens),
          seed,
        ),
      ),
      { numRuns: 5 },
    ));

  it('starts at zero where it is asked to', async () => {
    const params = initTokenAttention(config, new Initialiser(backend, 1), true);
    const y = new TokenAttention(config, params).forward(
      noise(backend, [1, 2, 4], 1),
      noise(backend, [1, 3, 3], 2),
    );
    expect([...(await y.read())]).to.deep.equal(new Array(8).fill(0));
  });

  it('names what does not fit', () => {
    const block = new TokenAttention(config, paramsOf(1));
    const x = noise(backend, [1, 2, 4], 1);
    expect(() => block.forward(x, x)).to.throw('TokenAttention: tokens: expected [b=1 k e=3]');
    expect(() => new TokenAttention({ ...config, heads: 4 }, block.params)).to.throw('heads that divide 6');
    expect(() => new TokenAttention({ ...config, from: 4 }, block.params)).to.throw('TokenAttention: key');
  });
});

describe('layers of tokens', () => {
  const layer = { channels: 4, heads: 2, hidden: 6 };

  it('leave each token with mean 0 and variance 1 before γ and β, which start at 1 and 0', async () => {
    const init = new Initialiser(backend, 3);
    const [x, o] = [noise(backend, [2, 3, 4], 3), noise(backend, [2, 5, 4], 3, 1)];
    const encoded = new EncoderLayer(layer, initEncoderLayer(layer, init)).forward(x);
    const decoded = new DecoderLayer(layer, initDecoderLayer(layer, init)).forward(x, o);
    for (const y of [encoded, decoded]) {
      const values = Array.from(await y.read());
      for (let token = 0; token < 6; token++) {
        const v = values.slice(4 * token, 4 * token + 4);
        expect(v.reduce((a, c) => a + c, 0)).to.be.closeTo(0, 1e-12);
        expect(dot(v, v) / 4).to.be.closeTo(1, 1e-3);
      }
    }
  });

  it('permute with their tokens', async () => {
    const order = [3, 1, 0, 2];
    const encoder = new EncoderLayer(
      layer,
      perturbed(initEncoderLayer(layer, new Initialiser(backend, 1)), 1),
    );
    const decoder = new DecoderLayer(
      layer,
      perturbed(initDecoderLayer(layer, new Initialiser(backend, 2)), 2),
    );
    const [x, o] = [noise(backend, [2, 4, 4], 1), noise(backend, [2, 4, 4], 1, 1)];
    expectClose(await encoder.forward(rows(x, order)).read(), await rows(encoder.forward(x), order).read());
    expectClose(
      await decoder.forward(rows(x, order), rows(o, [1, 0, 3, 2])).read(),
      await rows(decoder.forward(x, o), order).read(),
    );
  });

  it('differentiate', async () => {
    const inputs = [noise(backend, [2, 3, 4], 5), noise(backend, [2, 4, 4], 5, 1)];
    const init = new Initialiser(backend, 5);
    await checkModule(
      perturbed(initEncoderLayer(layer, init), 5),
      inputs.slice(0, 1),
      (p, x) => new EncoderLayer(layer, p).forward(x),
      5,
      1e-1,
    );
    await checkModule(
      perturbed(initDecoderLayer(layer, init), 6),
      inputs,
      (p, x, o) => new DecoderLayer(layer, p).forward(x, o),
      6,
      1e-1,
    );
  });
});

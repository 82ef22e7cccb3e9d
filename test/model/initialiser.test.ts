import { expect } from 'chai';
import fc from 'fast-check';
import { Initialiser } from '../../src/model/initialiser.js';
import { CpuBackend } from '../../src/tensor/index.js';

const backend = new CpuBackend();
const draw = (seed: number, path: readonly (string | number)[], size = 16) =>
  path
    .reduce((init: Initialiser, key) => init.at(key), new Initialiser(backend, seed))
    .normal([size], 1)
    .read();

describe('Initialiser', () => {
  it('gives equal values for equal seed and path, and others otherwise', () =>
    fc.assert(
      fc.asyncProperty(fc.nat(1e6), fc.nat(100), async (seed, layer) => {
        const values = await draw(seed, ['encoder', layer, 'weight']);
        expect(await draw(seed, ['encoder', layer, 'weight'])).to.deep.equal(values);
        expect(await draw(seed + 1, ['encoder', layer, 'weight'])).not.to.deep.equal(values);
        expect(await draw(seed, ['encoder', layer + 1, 'weight'])).not.to.deep.equal(values);
        expect(await draw(seed, ['encoder', layer, 'bias'])).not.to.deep.equal(values);
      }),
    ));

  it('draws from N(0, 1): the first four moments, and independence of neighbours and of paths', async () => {
    const n = 1e5;
    const [x, y] = [await draw(5, ['a'], n), await draw(5, ['b'], n)];
    const mean = (f: (i: number) => number) =>
      Array.from({ length: n }, (_, i) => f(i)).reduce((a, b) => a + b) / n;
    const within = (got: number, want: number, deviation: number) =>
      expect(got).to.be.closeTo(want, (4 * deviation) / Math.sqrt(n));
    within(
      mean((i) => x[i]),
      0,
      1,
    );
    within(
      mean((i) => x[i] ** 2),
      1,
      Math.sqrt(2),
    );
    within(
      mean((i) => x[i] ** 3),
      0,
      Math.sqrt(15),
    );
    within(
      mean((i) => x[i] ** 4),
      3,
      Math.sqrt(96),
    );
    within(
      mean((i) => x[i] * x[(i + 1) % n]),
      0,
      1,
    );
    within(
      mean((i) => x[i] * y[i]),
      0,
      1,
    );
  });

  it('refuses a seed outside 32 bits', () => {
    for (const seed of [-1, 0.5, 2 ** 32])
      expect(() => new Initialiser(backend, seed)).to.throw(RangeError, 'a seed in 0 ... 2^32 - 1');
  });
});

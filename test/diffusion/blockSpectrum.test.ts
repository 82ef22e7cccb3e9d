import { expect } from 'chai';
import fc from 'fast-check';
import { diagonal, multiply, toPixels, toSpectrum } from '../../src/diffusion/index.js';
import { slice, sum, square, tensor } from '../../src/tensor/index.js';
import { expectClose } from './close.js';
import { cpu, setting, white } from './setting.js';

describe('SeeClear (2): spectrum of frames', () => {
  it('keeps energy, and has an inverse', () =>
    fc.assert(
      fc.asyncProperty(setting(1), async ({ s: { p }, shape, seed }) => {
        const x = white(shape, seed);
        const u = toSpectrum(x, p);
        await expectClose(toPixels(u, p), x);
        await expectClose(sum(square(u)), sum(square(x)));
      }),
      { numRuns: 30 },
    ));

  it('puts p times the mean of a block where its first pixel is, if the block is even', async () => {
    const x = tensor(cpu, [1, 1, 2, 4], [3, 3, -1, -1, 3, 3, -1, -1]);
    await expectClose(toSpectrum(x, 2), [6, 0, -2, 0, 0, 0, 0, 0]);
  });
});

describe('diagonal matrices', () => {
  it('hold f(Λ) of each frequency, Λ = −π² (x² + y²) / p²', () => {
    expect(diagonal(1, (L) => L).values[0]).to.be.closeTo(0, 0);
    const { values } = diagonal(4, (L) => L / -(Math.PI ** 2));
    expect([...values].map((v) => Math.round(16 * v))).to.deep.equal([
      0, 1, 4, 9, 1, 2, 5, 10, 4, 5, 8, 13, 9, 10, 13, 18,
    ]);
  });

  it('multiply every block alike, and every item by its own', () =>
    fc.assert(
      fc.asyncProperty(setting(1), async ({ s: { p }, shape, seed }) => {
        const u = white(shape, seed);
        const own = Array.from({ length: shape[0] }, (_, n) => diagonal(p, (L) => L + n));
        const values = await u.read();
        const w = shape[3];
        const size = shape[1] * shape[2] * w;
        const expected = values.map((v, i) => {
          const [n, y, x] = [Math.floor(i / size), Math.floor(i / w) % p, (i % w) % p];
          return v * own[n].values[y * p + x];
        });
        await expectClose(multiply(u, ...own), expected, 1e-15);
        await expectClose(multiply(slice(u, 0, 0, 1), own[0]), expected.slice(0, size), 1e-15);
      }),
      { numRuns: 30 },
    ));

  it('say what does not fit', () => {
    const one = diagonal(4, () => 1);
    expect(() => multiply(white([1, 1, 4, 6], 0), one)).to.throw('multiply by 1 diagonals: expected');
    expect(() => multiply(white([3, 1, 4, 4], 0), one, one)).to.throw('multiply by 2 diagonals: expected');
  });
});

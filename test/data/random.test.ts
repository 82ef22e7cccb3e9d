import { expect } from 'chai';
import fc from 'fast-check';
import { Random } from '../../src/data/index.js';

const draws = (n: number, random: Random, draw: (random: Random) => number): number[] =>
  Array.from({ length: n }, () => draw(random));
const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

describe('Random', () => {
  it('gives the same bits everywhere', () => {
    const bits = draws(4, new Random(1, 2), (r) => r.int(2 ** 32));
    expect(bits).to.deep.equal([2262186795, 595429269, 758614267, 1122460820]);
  });

  it('differs with the seed and the stream, in low and high digits', () => {
    const firsts = [0, 1, 2, 2 ** 32, 2 ** 32 + 1, 2 ** 53 - 1].flatMap((seed) =>
      [0, 1, 2 ** 32, 2 ** 40].map((stream) => new Random(seed, stream).int(2 ** 32)),
    );
    expect(new Set(firsts).size).to.equal(firsts.length);
  });

  it('is uniform, and normal, over 20000 draws', () => {
    const u = draws(20000, new Random(5), (r) => r.uniform());
    u.forEach((v) => expect(v >= 0 && v < 1).to.be.true);
    expect(mean(u)).to.be.closeTo(1 / 2, 0.01);
    expect(mean(u.map((v) => v * v))).to.be.closeTo(1 / 3, 0.01);
    expect(mean(u.slice(1).map((v, i) => v * u[i]))).to.be.closeTo(1 / 4, 0.01);
    const z = draws(20000, new Random(6), (r) => r.normal());
    expect(mean(z)).to.be.closeTo(0, 0.03);
    expect(mean(z.map((v) => v ** 2))).to.be.closeTo(1, 0.05);
    expect(mean(z.map((v) => v ** 4))).to.be.closeTo(3, 0.3);
  });

  it('draws every integer below n, and no other', () =>
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 8 }), (seed, n) => {
        const seen = new Set(draws(400, new Random(seed), (r) => r.int(n)));
        expect([...seen].sort()).to.deep.equal(Array.from({ length: n }, (_, i) => i));
      }),
    ));

  it('refuses what is out of range', () => {
    expect(() => new Random(-1)).to.throw(RangeError, 'got -1');
    expect(() => new Random(1, 0.5)).to.throw(RangeError, 'got 0.5');
    expect(() => new Random(1).int(0)).to.throw(RangeError, 'got 0');
  });
});

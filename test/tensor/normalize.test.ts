import { expect } from 'chai';
import fc from 'fast-check';
import {
  affine,
  CpuBackend,
  full,
  groupNorm,
  groupNormSilu,
  layerNorm,
  mean,
  permute,
  reshape,
  ShapeError,
  silu,
  square,
} from '../../src/tensor/index.js';
import { random, seed, shape, size } from '../support/arbitraries.js';
import { expectClose } from '../support/close.js';
import { gradcheck } from '../support/gradcheck.js';

const backend = new CpuBackend();
/** Large enough for central differences of groups whose elements are nearly equal. */
const EPS = 0.1;

describe('layerNorm', () => {
  it('vjp by x, γ and β: central differences, over each axis', () =>
    fc.assert(
      fc.asyncProperty(shape(3, 4, 5), fc.nat(2), seed, ([a, b, c], axis, s) => {
        const dims = [a, b, c].map((d, i) => (i === axis ? d + 2 : d));
        const [gamma, beta] = [random(backend, [dims[axis]], s), random(backend, [dims[axis]], s + 1)];
        return gradcheck(
          (...[x, g, h]) => layerNorm(x, g, h, axis, EPS),
          [random(backend, dims, s + 2), gamma, beta],
          s,
        );
      }),
    ));

  it('has mean β and variance γ² along the axis, but for eps', () =>
    fc.assert(
      fc.asyncProperty(shape(3, 4, 5), seed, async ([n, c, k], s) => {
        const x = random(backend, [n, c + 3, k], s);
        const y = layerNorm(x, full(backend, [c + 3], 2), full(backend, [c + 3], 3), 1, 0);
        expectClose(await mean(y, [1]).read(), new Float64Array(n * k).fill(3), 1e-9);
        expectClose(
          await mean(square(affine(-3, [1, y])), [1]).read(),
          new Float64Array(n * k).fill(4),
          1e-9,
        );
      }),
    ));

  it('does not care where the axis stands', () =>
    fc.assert(
      fc.asyncProperty(shape(3, 8, 5), seed, async (dims, s) => {
        const x = random(backend, dims, s);
        const [gamma, beta] = [random(backend, [dims[1]], s + 1), random(backend, [dims[1]], s + 2)];
        const last = layerNorm(permute(x, [0, 2, 1]), gamma, beta, 2);
        expectClose(await permute(last, [0, 2, 1]).read(), await layerNorm(x, gamma, beta, 1).read());
      }),
    ));
});

describe('groupNorm', () => {
  it('vjp by x, γ and β: central differences', () =>
    fc.assert(
      fc.asyncProperty(shape(2, 3, 3, 5, 5), seed, ([n, groups, each, h, w], s) => {
        const c = groups * each;
        const [gamma, beta] = [random(backend, [c], s), random(backend, [c], s + 1)];
        const x = random(backend, [n, c, h, w + 1], s + 2);
        return gradcheck((...[v, g, b]) => groupNorm(v, g, b, groups, EPS), [x, gamma, beta], s);
      }),
    ));

  it('with silu is silu of it, and differentiates', () =>
    fc.assert(
      fc.asyncProperty(shape(2, 3, 3, 5, 5), seed, async ([n, groups, each, h, w], s) => {
        const c = groups * each;
        const x = random(backend, [n, c, h, w + 1], s + 2);
        const [gamma, beta] = [random(backend, [c], s), random(backend, [c], s + 1)];
        const apart = silu(groupNorm(x, gamma, beta, groups, EPS));
        expectClose(await groupNormSilu(x, gamma, beta, groups, EPS).read(), await apart.read());
        await gradcheck((...[v, g, b]) => groupNormSilu(v, g, b, groups, EPS), [x, gamma, beta], s);
      }),
    ));

  it('with γ = 1 and β = 0 is layerNorm over a group’s channels and pixels', () =>
    fc.assert(
      fc.asyncProperty(shape(2, 3, 3), size(5), seed, async ([n, groups, each], w, s) => {
        const c = groups * each;
        const x = random(backend, [n, c, 2, w], s);
        const len = each * 2 * w;
        const [one, zero] = [(k: number) => full(backend, [k], 1), (k: number) => full(backend, [k], 0)];
        const grouped = groupNorm(x, one(c), zero(c), groups);
        expectClose(
          await layerNorm(reshape(x, [n * groups, len]), one(len), zero(len), 1).read(),
          await grouped.read(),
        );
      }),
    ));

  it('scales and shifts each channel by its own γ and β', () =>
    fc.assert(
      fc.asyncProperty(shape(2, 4, 3), seed, async ([n, c, w], s) => {
        const x = random(backend, [n, c, 2, w], s);
        const [gamma, beta] = [random(backend, [c], s + 1), random(backend, [c], s + 2)];
        const plain = await groupNorm(x, full(backend, [c], 1), full(backend, [c], 0), 1).read();
        const [g, b] = [await gamma.read(), await beta.read()];
        const channel = (i: number): number => Math.floor(i / (2 * w)) % c;
        const expected = plain.map((v, i) => v * g[channel(i)] + b[channel(i)]);
        expectClose(await groupNorm(x, gamma, beta, 1).read(), expected);
      }),
    ));

  it('is exact about means far from 0, over long groups', async () => {
    const far = affine(1e6, [1, random(backend, [1, 2, 50, 41], 1)]);
    const y = groupNorm(far, full(backend, [2], 1), full(backend, [2], 0), 1, 0);
    expect(await mean(y).item()).to.be.closeTo(0, 1e-8);
    expect(await mean(square(y)).item()).to.be.closeTo(1, 1e-8);
  });

  it('refuses groups that do not divide the channels, and γ of another size', () => {
    const x = random(backend, [1, 6, 2, 2], 1);
    const [six, five] = [full(backend, [6], 1), full(backend, [5], 1)];
    expect(() => groupNorm(x, six, six, 4)).to.throw(ShapeError);
    expect(() => groupNorm(x, five, six, 3)).to.throw('groupNorm: gamma');
    expect(() => groupNorm(x, six, five, 3)).to.throw(ShapeError);
  });
});

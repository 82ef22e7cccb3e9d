import { expect } from 'chai';
import fc from 'fast-check';
import { conv2d, CpuBackend, tensor } from '../../src/tensor/index.js';
import { random, seed } from '../support/arbitraries.js';
import { expectClose } from '../support/close.js';
import { gradcheck } from '../support/gradcheck.js';

const backend = new CpuBackend();
const cases = fc.constantFrom(
  { ci: 2, co: 3, size: 3, stride: 1, padding: 1, groups: 1 },
  { ci: 4, co: 2, size: 3, stride: 2, padding: 1, groups: 2 },
  { ci: 3, co: 3, size: 3, stride: 1, padding: 1, groups: 3 },
  { ci: 3, co: 2, size: 1, stride: 1, padding: 0, groups: 1 },
  { ci: 2, co: 2, size: 2, stride: 1, padding: 0, groups: 1 },
);

describe('conv2d', () => {
  it('differentiates in x, w and b', () =>
    fc.assert(
      fc.asyncProperty(cases, seed, async ({ ci, co, size, ...options }, s) => {
        const x = random(backend, [2, ci, 5, 4], s);
        const w = random(backend, [co, ci / options.groups, size, size], s + 1);
        await gradcheck(
          (...xs) => conv2d(xs[0], xs[1], xs[2], options),
          [x, w, random(backend, [co], s + 2)],
          s,
        );
        await gradcheck((...xs) => conv2d(xs[0], xs[1], undefined, options), [x, w], s);
      }),
      { numRuns: 20 },
    ));

  it('1 × 1 is the same by matrix product as inside a 3 × 3 kernel', () =>
    fc.assert(
      fc.asyncProperty(seed, async (s) => {
        const x = random(backend, [2, 3, 4, 5], s);
        const w = random(backend, [2, 3, 1, 1], s + 1);
        const b = random(backend, [2], s + 2);
        const centred = [...(await w.read())].flatMap((v) => [0, 0, 0, 0, v, 0, 0, 0, 0]);
        const wide = conv2d(x, tensor(backend, [2, 3, 3, 3], centred), b, { padding: 1 });
        expectClose(await conv2d(x, w, b).read(), await wide.read());
      }),
    ));

  it('with one tap off centre moves the picture', async () => {
    const x = tensor(backend, [1, 1, 2, 2], [1, 2, 3, 4]);
    const w = tensor(backend, [1, 1, 3, 3], [0, 0, 0, 1, 0, 0, 0, 0, 0]); // the left neighbour
    expect([...(await conv2d(x, w, undefined, { padding: 1 }).read())]).to.deep.equal([0, 1, 0, 3]);
  });
});

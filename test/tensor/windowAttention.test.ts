import { expect } from 'chai';
import fc from 'fast-check';
import {
  CpuBackend,
  matmul,
  permute,
  reshape,
  scale,
  slice,
  softmax,
  add,
  windowAttention,
  type Tensor,
} from '../../src/tensor/index.js';
import { random, seed } from '../support/arbitraries.js';
import { expectClose } from '../support/close.js';
import { gradcheck } from '../support/gradcheck.js';

const backend = new CpuBackend();
const [heads, d] = [2, 3];
const qkvOf = (s: number, n: number, h: number, w: number): Tensor =>
  random(backend, [n, 3 * heads * d, h, w], s);
const biasOf = (s: number, pixels: number): Tensor => random(backend, [heads, pixels, pixels], s);

describe('windowAttention', () => {
  it('in one window is softmax(q kᵀ / √d + B) v', () =>
    fc.assert(
      fc.asyncProperty(seed, async (s) => {
        const [qkv, bias] = [qkvOf(s, 1, 3, 3), biasOf(s + 1, 9)];
        const [q, k, v] = [0, 1, 2].map((i) =>
          reshape(slice(qkv, 1, i * heads * d, (i + 1) * heads * d), [heads, d, 9]),
        );
        const products = matmul(q, k, { ta: true }); // [heads, queries, keys]
        const scores = add(scale(1 / Math.sqrt(d), products), permute(bias, [0, 2, 1]));
        const expected = matmul(v, softmax(scores), { tb: true }); // [heads, d, queries]
        const y = windowAttention(qkv, bias, { heads, size: 3, shift: 0, frames: 1 });
        expect(y.shape).to.deep.equal([1, heads * d, 3, 3]);
        expectClose(await y.read(), await expected.read());
      }),
      { numRuns: 10 },
    ));

  for (const { shift, frames } of [0, 1].flatMap((shift) => [1, 2].map((frames) => ({ shift, frames }))))
    it(`vjp: central differences, shift ${shift}, ${frames} frames`, () =>
      fc.assert(
        fc.asyncProperty(seed, (s) =>
          gradcheck(
            (qkv, bias) => windowAttention(qkv, bias, { heads, size: 2, shift, frames }),
            [qkvOf(s, 2, 4, 6), biasOf(s + 1, 4 * frames)],
            s + 2,
          ),
        ),
        { numRuns: 10 },
      ));
});

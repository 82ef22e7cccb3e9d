import fc from 'fast-check';
import {
  affine,
  CpuBackend,
  l2Normalize,
  scale,
  softmax,
  square,
  sum,
  tensor,
} from '../../src/tensor/index.js';
import { expect } from 'chai';
import { random, seed, shape } from '../support/arbitraries.js';
import { expectClose } from '../support/close.js';
import { gradcheck } from '../support/gradcheck.js';

const backend = new CpuBackend();
const ones = (n: number): Float64Array => new Float64Array(n).fill(1);

describe('softmax', () => {
  it('vjp: central differences', () =>
    fc.assert(
      fc.asyncProperty(shape(3, 12), seed, ([rows, cols], s) =>
        gradcheck(softmax, [random(backend, [rows, cols + 1], s)], s + 1),
      ),
    ));

  it('rows add up to 1, and a constant added to x changes nothing, even a large one', () =>
    fc.assert(
      fc.asyncProperty(shape(3, 12), seed, async (dims, s) => {
        const y = softmax(random(backend, dims, s));
        expectClose(await sum(y, [1]).read(), ones(dims[0]));
        expectClose(await softmax(affine(1000, [1, random(backend, dims, s)])).read(), await y.read(), 1e-11);
      }),
    ));

  it('has the odds e^(x − x′)', async () => {
    const y = await softmax(tensor(backend, [2], [0, Math.log(3)])).read();
    expectClose(y, [0.25, 0.75]);
  });
});

describe('l2Normalize', () => {
  it('vjp: central differences', () =>
    fc.assert(
      fc.asyncProperty(shape(3, 12), seed, ([rows, cols], s) =>
        gradcheck(l2Normalize, [random(backend, [rows, cols + 1], s, 0.1, 2)], s + 1),
      ),
    ));

  it('rows have length 1 whatever their scale; a row of zeros stays zero', () =>
    fc.assert(
      fc.asyncProperty(shape(3, 12), seed, async (dims, s) => {
        const x = random(backend, dims, s, 0.1, 2);
        const y = l2Normalize(x);
        expectClose(await sum(square(y), [1]).read(), ones(dims[0]));
        expectClose(await l2Normalize(scale(1e-3, x)).read(), await y.read());
        expect((await l2Normalize(scale(0, x)).read()).every((v) => v === 0)).to.be.true;
      }),
    ));
});

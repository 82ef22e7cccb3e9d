import { expect } from 'chai';
import {
  add,
  CpuBackend,
  grad,
  mul,
  ShapeError,
  square,
  sum,
  tensor,
  variable,
} from '../../src/tensor/index.js';
import { noVjp, op } from '../../src/tensor/op.js';
import { unaryForward } from '../../src/kernels/elementwise.js';

const backend = new CpuBackend();
const scalar = (v: number): ReturnType<typeof variable> => variable(tensor(backend, [], [v]));

describe('grad', () => {
  it('adds up the ways in which a variable is used', async () => {
    const x = scalar(3);
    const y = add(mul(x, x), add(x, square(x))); // 2x² + x
    const [gx] = grad(y, [x]);
    expect(await gx.item()).to.equal(13);
  });

  it('visits a shared intermediate once, however many paths lead through it', async () => {
    let y = scalar(1);
    const x = y;
    for (let i = 0; i < 40; i++) y = add(y, y); // 2⁴⁰ paths
    const [gx] = grad(y, [x]);
    expect(await gx.item()).to.equal(2 ** 40);
  });

  it('gives gradients without a history: first order only', () => {
    const x = scalar(2);
    expect(grad(square(x), [x])[0].node).to.equal(undefined);
  });

  it('is deep enough for long chains', async () => {
    const x = scalar(1);
    let y = x;
    for (let i = 0; i < 20_000; i++) y = add(y, tensor(backend, [], [1]));
    expect(await grad(y, [x])[0].item()).to.equal(1);
  });

  it('takes a cotangent of the shape of the result', async () => {
    const x = variable(tensor(backend, [2], [1, 2]));
    const [gx] = grad(square(x), [x], tensor(backend, [2], [10, 100]));
    expect([...(await gx.read())]).to.deep.equal([20, 400]);
    expect(() => grad(square(x), [x], tensor(backend, [], [1]))).to.throw(ShapeError, 'the shape of y');
  });

  it('says loudly that a result does not depend on a variable', () => {
    const [x, other] = [scalar(1), variable(tensor(backend, [3], [1, 2, 3]))];
    expect(() => grad(sum(square(x)), [x, other])).to.throw('does not depend on variable 1, of shape [3]');
  });

  it('says loudly that an op has no vjp', () => {
    const x = scalar(1);
    const y = op(unaryForward.exp, [x], undefined, noVjp('exp'));
    expect(() => grad(y, [x])).to.throw('exp has no vjp');
  });
});

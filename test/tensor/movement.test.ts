import { expect } from 'chai';
import fc from 'fast-check';
import {
  add,
  broadcastTo,
  clamp,
  concat,
  CpuBackend,
  full,
  grad,
  padZero,
  permute,
  PlanningBackend,
  reshape,
  roll,
  ShapeError,
  slice,
  square,
  sum,
  tensor,
  variable,
  type Tensor,
} from '../../src/tensor/index.js';
import { random, seed } from '../support/arbitraries.js';
import { expectAdjoint, gradcheck } from '../support/gradcheck.js';

const backend = new CpuBackend();
const numbers = (...shape: number[]): Tensor =>
  tensor(
    backend,
    shape,
    Array.from({ length: shape.reduce((n, d) => n * d, 1) }, (_, i) => i),
  );

const linear: Record<string, (x: Tensor) => Tensor> = {
  reshape: (x) => reshape(x, [4, 6]),
  permute: (x) => permute(x, [2, 0, 1]),
  slice: (x) => slice(x, 1, 1, 3),
  padZero: (x) => padZero(x, 2, 1, 2),
  roll: (x) => roll(x, 1, 2),
  'roll along two axes': (x) => roll(x, [0, 2], -1),
  broadcastTo: (x) => broadcastTo(reshape(x, [2, 3, 1, 4]), [5, 2, 3, 2, 4]),
};

describe('movement of elements', () => {
  for (const [name, f] of Object.entries(linear))
    it(`the vjp of ${name} is its adjoint`, () =>
      fc.assert(fc.asyncProperty(seed, (s) => expectAdjoint(f, random(backend, [2, 3, 4], s), s))));

  it('permute puts axis order[i] at i', async () => {
    const y = permute(numbers(2, 3), [1, 0]);
    expect(y.shape).to.deep.equal([3, 2]);
    expect([...(await y.read())]).to.deep.equal([0, 3, 1, 4, 2, 5]);
  });

  it('slice, padZero and roll do what they say', async () => {
    expect([...(await slice(numbers(2, 3), 1, 1, 3).read())]).to.deep.equal([1, 2, 4, 5]);
    expect([...(await padZero(numbers(1, 2), 1, 1, 2).read())]).to.deep.equal([0, 0, 1, 0, 0]);
    expect([...(await roll(numbers(4), 0, 1).read())]).to.deep.equal([3, 0, 1, 2]);
    expect([...(await roll(numbers(4), 0, -1).read())]).to.deep.equal([1, 2, 3, 0]);
    expect([...(await roll(numbers(2, 3), [0, 1], 1).read())]).to.deep.equal([5, 3, 4, 2, 0, 1]);
  });

  it('concat joins any number and differentiates in each', async () => {
    const [a, b, c] = [numbers(2, 1), numbers(2, 2), numbers(2, 1)];
    expect([...(await concat(1, a, b, c).read())]).to.deep.equal([0, 0, 1, 0, 1, 2, 3, 1]);
    await gradcheck((...xs) => concat(1, xs[0], ...xs.slice(1)), [a, b, c]);
  });

  it('slices that fill a tensor take one another’s place in its gradient: nothing is padded', async () => {
    const planned = new PlanningBackend();
    const x = variable(tensor(planned, [4, 6, 5], new Float64Array(120)));
    const [b, a, c] = [slice(x, 1, 2, 3), slice(x, 1, 0, 2), slice(x, 1, 3, 6)];
    const y = concat(1, a, b, c);
    planned.takeCosts();
    const [gx] = grad(y, [x], full(planned, y.shape, 1));
    await gx.read();
    const kernels = planned.takeCosts().map(({ kernel }) => kernel);
    expect(kernels.sort()).to.deep.equal(['concat', 'concat', 'move', 'move', 'move', 'move']); // moves: of y
  });

  // prettier-ignore
  const cuts = {
    'side by side': [[1, 0, 2], [1, 2, 4]],
    'out of order, over one another': [[1, 2, 4], [1, 0, 3]],
    'with a gap': [[1, 0, 1], [1, 2, 4]],
    'along two axes': [[1, 0, 4], [0, 0, 3]],
    'twice the same': [[1, 0, 4], [1, 0, 4]],
  };
  const cutUp = (x: Tensor, along: number[][]): Tensor =>
    along.map(([axis, start, end]) => sum(square(slice(x, axis, start, end)))).reduce((a, b) => add(a, b));
  for (const [name, along] of Object.entries(cuts))
    it(`slices ${name} differentiate`, () =>
      fc.assert(
        fc.asyncProperty(seed, (s) =>
          gradcheck((x) => add(square(x), cutUp(x, along)), [random(backend, [3, 4], s)], s),
        ),
        { numRuns: 5 },
      ));

  it('clamp differentiates inside its bounds', () =>
    fc.assert(
      fc.asyncProperty(seed, (s) =>
        gradcheck((x) => clamp(x, -0.7, 1.1), [random(backend, [4, 9], s, -1.9, 1.7)], s),
      ),
    ));

  it('names what does not fit', () => {
    expect(() => reshape(numbers(2, 3), [4])).to.throw(ShapeError, 'a shape of 6 elements');
    expect(() => permute(numbers(2, 3), [0, 0])).to.throw(ShapeError, 'not (0, 0)');
    expect(() => slice(numbers(2, 3), 1, 2, 4)).to.throw(ShapeError, 'end ≤ 3 along axis 1');
    expect(() => broadcastTo(numbers(2, 3), [3, 3])).to.throw(ShapeError);
  });
});

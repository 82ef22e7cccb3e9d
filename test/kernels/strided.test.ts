import { expect } from 'chai';
import fc from 'fast-check';
import { stridesOf } from '../../src/kernels/index.js';
import { broadcastStrides, mergeAxes, walk, type Axis } from '../../src/kernels/strided.js';
import { shape } from '../support/arbitraries.js';

const visits = (axes: readonly Axis[]): number[] => {
  const seen: number[] = [];
  walk(axes, 1, (_, [offset]) => seen.push(offset));
  return seen;
};

describe('strided walks', () => {
  it('visit the same elements after merging axes', () =>
    fc.assert(
      fc.property(
        shape(3, 4, 2, 5),
        fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }),
        fc.nat(15),
        (x, order, stretched) => {
          const strides = stridesOf(x);
          const axes = order.map((i) => ({ size: x[i], strides: [(stretched >> i) & 1 ? 0 : strides[i]] }));
          const merged = mergeAxes(axes, 'test');
          expect(visits(merged.toReversed())).to.deep.equal(visits(axes));
          expect(merged.length).to.be.at.most(axes.length);
        },
      ),
    ));

  it('merge a whole array into one axis', () => {
    const x = [2, 3, 4];
    const axes = x.map((size, i) => ({ size, strides: [stridesOf(x)[i]] }));
    expect(mergeAxes(axes, 'test')).to.deep.equal([{ size: 24, strides: [1] }]);
  });

  it('repeat along stretched axes', () =>
    expect(broadcastStrides([3, 1, 2], [5, 3, 4, 2])).to.deep.equal([0, 2, 0, 1]));
});

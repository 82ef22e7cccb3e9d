import { expect } from 'chai';
import { dims, ShapeError, stridesOf } from '../../src/kernels/index.js';

describe('shapes', () => {
  it('dims names axes', () => expect(dims('x', [2, 3], 'n c')).to.deep.equal({ n: 2, c: 3 }));

  it('dims says place, contract and what arrived', () => {
    expect(() => dims('Block: x', [2, 3], 'n c', { c: 4 })).to.throw(
      ShapeError,
      'Block: x: expected [n c=4], got [2, 3]',
    );
    expect(() => dims('Block: x', [2], 'n c')).to.throw(ShapeError, 'Block: x: expected [n c], got [2]');
  });

  it('strides are row-major', () => expect(stridesOf([2, 3, 4])).to.deep.equal([12, 4, 1]));
});

import { expect } from 'chai';
import fc from 'fast-check';
import { pairwiseSum } from '../../src/train/index.js';

describe('pairwiseSum', () => {
  const tree = (n: number): string =>
    pairwiseSum(
      n,
      (i) => String(i),
      (a, b) => `(${a}+${b})`,
    );

  it('is the tree that the formula shows', () => {
    expect([1, 2, 3, 4, 6, 7].map(tree)).to.deep.equal([
      '0',
      '(0+1)',
      '((0+1)+2)',
      '((0+1)+(2+3))',
      '(((0+1)+(2+3))+(4+5))',
      '(((0+1)+(2+3))+((4+5)+6))',
    ]);
  });

  it('makes each term once and in order, and holds at most ⌈log₂ n⌉ + 1 terms and sums', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), (n) => {
        const made: number[] = [];
        let [held, most] = [0, 0];
        const term = (i: number): number => {
          made.push(i);
          most = Math.max(most, ++held);
          return i;
        };
        const add = (a: number, b: number): number => {
          held--;
          return a + b;
        };
        expect(pairwiseSum(n, term, add)).to.equal((n * (n - 1)) / 2);
        expect(made).to.deep.equal(Array.from({ length: n }, (_, i) => i));
        expect(most).to.be.at.most(Math.ceil(Math.log2(n)) + 1);
      }),
    );
  });

  it('surrounds every term and every sum', () => {
    let nodes = 0;
    pairwiseSum(
      5,
      String,
      (a, b) => a + b,
      (make) => (nodes++, make()),
    );
    expect(nodes).to.equal(9);
  });
});

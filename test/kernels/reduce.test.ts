import { expect } from 'chai';
import fc from 'fast-check';
import { chunkOf, lanesOf } from '../../src/kernels/lanes.js';
import { reduceSum } from '../../src/kernels/reduce.js';
import { sizeOf } from '../../src/kernels/index.js';
import { seed, shape, values } from '../support/arbitraries.js';
import { onGpu } from '../support/gpu.js';
import { kernelLaw } from '../support/kernelLaw.js';

describe('reduceSum kernel', () => {
  it(
    'WGSL and reference agree, in one chunk and in several',
    onGpu((opened) =>
      fc.assert(
        fc.asyncProperty(
          shape(3, 3, 40, 9),
          fc.constantFrom(4, 12, Infinity),
          seed,
          async (view, most, s) => {
            const chunk = Math.min(most, view[2]);
            await kernelLaw(opened, reduceSum, [values(s, sizeOf(view))], [view], { chunk });
          },
        ),
      ),
    ),
  );

  it('uses each way of loading', () => {
    expect([lanesOf([2, 8, 1]), lanesOf([2, 7, 8]), lanesOf([2, 8, 3])]).to.deep.equal([
      'along',
      'across',
      'single',
    ]);
  });

  it('splits long axes into chunks of whole loads, until there is enough to do at once', () =>
    fc.assert(
      fc.property(shape(8, 1 << 21, 64), fc.integer({ min: 1, max: 64 }), (view, times) => {
        const chunk = chunkOf(view, times);
        expect(times * chunk).to.be.at.most(1024 + 4 * times);
        expect(chunk === view[1] || chunk % 4 === 0).to.be.true;
        if (view[1] > 1024) expect(view[0] * view[2] * Math.ceil(view[1] / chunk)).to.be.at.least(29);
      }),
    ));
});

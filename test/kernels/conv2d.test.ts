import { expect } from 'chai';
import fc from 'fast-check';
import { conv2dForward, conv2dInputGrad, conv2dWeightGrad } from '../../src/kernels/conv2d.js';
import { ShapeError, sizeOf } from '../../src/kernels/index.js';
import { seed, values } from '../support/arbitraries.js';
import { deviceKinds } from '../support/deviceKinds.js';
import { onGpu } from '../support/gpu.js';
import { kernelLaw } from '../support/kernelLaw.js';

const between = (min: number, max: number): fc.Arbitrary<number> => fc.integer({ min, max });

/** Any convolution: channels per group, groups, sizes, stride and padding; strides beyond the kernel's size, too. */
const general = fc.record({
  n: between(1, 2),
  groups: between(1, 3),
  ig: between(1, 3),
  og: between(1, 3),
  h: between(5, 9),
  w: between(5, 9),
  kh: between(1, 5),
  kw: between(1, 4),
  stride: between(1, 3),
  padding: between(0, 2),
});

/** Channels for each size of tile, and for more than one. */
const manyChannels = fc.record({
  n: between(1, 2),
  groups: between(1, 2),
  ig: fc.constantFrom(1, 3, 7, 12, 20),
  og: fc.constantFrom(1, 3, 7, 12, 35),
  h: between(3, 7),
  w: between(3, 7),
  kh: between(2, 3),
  kw: between(1, 3),
  stride: fc.constant(2),
  padding: between(0, 1),
});

/** Those with variants of their own: 3 × 3, stride 1, padding 1. */
const threeByThree = fc.record({
  n: between(1, 2),
  groups: between(1, 3),
  ig: fc.constantFrom(1, 3, 9),
  og: fc.constantFrom(1, 3, 8, 11),
  h: between(1, 10),
  w: fc.oneof(between(1, 9), fc.constantFrom(4, 8, 20)),
  kh: fc.constant(3),
  kw: fc.constant(3),
  stride: fc.constant(1),
  padding: fc.constant(1),
});

const depthwise = threeByThree.map((s) => ({ ...s, ig: 1, og: 1, groups: 5 }));

describe('conv2d kernels', () => {
  for (const [name, sizes] of Object.entries({ general, manyChannels, threeByThree, depthwise }))
    for (const [kind, as] of Object.entries(deviceKinds))
      it(
        `${name}: WGSL and references agree for ${kind}`,
        onGpu((opened) => {
          const device = as(opened);
          return fc.assert(
            fc.asyncProperty(sizes, seed, async (size, s) => {
              const { n, groups, ig, og, h, w, kh, kw, stride, padding } = size;
              const params = { stride, padding, groups };
              const [x, weight, b] = [[n, groups * ig, h, w], [groups * og, ig, kh, kw], [groups * og]];
              const g = conv2dForward.outShape([x, weight, b], params);
              const [xv, wv, bv, gv] = [x, weight, b, g].map((shape, i) => values(s + i, sizeOf(shape)));
              await kernelLaw(device, conv2dForward, [xv, wv, bv], [x, weight, b], params);
              const inputGrad = { ...params, height: h, width: w };
              await kernelLaw(device, conv2dInputGrad, [gv, wv], [g, weight], inputGrad);
              const weightGrad = { ...params, kernelHeight: kh, kernelWidth: kw };
              await kernelLaw(device, conv2dWeightGrad, [gv, xv], [g, x], weightGrad);
            }),
            { numRuns: 40 },
          );
        }),
      );

  it('names what does not fit', () => {
    const shapeOf = (x: number[], w: number[], b: number[], groups = 1): unknown =>
      conv2dForward.outShape([x, w, b], { stride: 1, padding: 0, groups });
    expect(() => shapeOf([1, 3, 8, 8], [4, 2, 3, 3], [4])).to.throw(
      ShapeError,
      'conv2d: w: expected [co ig=3',
    );
    expect(() => shapeOf([1, 4, 8, 8], [3, 2, 3, 3], [3], 2)).to.throw(ShapeError, 'in 2 equal groups');
    expect(() => shapeOf([1, 3, 2, 8], [4, 3, 3, 3], [4])).to.throw(ShapeError, 'at least as large');
    expect(() => shapeOf([1, 3, 8, 8], [4, 3, 3, 3], [5])).to.throw(ShapeError, 'conv2d: b: expected [co=4]');
  });
});

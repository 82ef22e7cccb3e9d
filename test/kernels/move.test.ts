import fc from 'fast-check';
import { sizeOf, stridesOf } from '../../src/kernels/index.js';
import { move, type MoveParams } from '../../src/kernels/move.js';
import { seed, shape, values } from '../support/arbitraries.js';
import { onGpu } from '../support/gpu.js';
import { kernelLaw } from '../support/kernelLaw.js';

/** A shape, an order of its axes, and for each axis a shift and a change of size that suit the edge rule. */
const movement = fc
  .record({
    x: shape(3, 4, 5, 8),
    order: fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }),
    edge: fc.constantFrom('inside' as const, 'zero' as const, 'wrap' as const),
    picks: fc.array(fc.nat(3), { minLength: 8, maxLength: 8 }),
  })
  .map(({ x, order, edge, picks }): { x: number[]; params: MoveParams } => {
    const strides = stridesOf(x);
    const axes = order.map((axis, i) => {
      const source = x[axis];
      const shift = {
        inside: picks[i] % source,
        zero: picks[i] - 2,
        wrap: picks[i] % source,
      }[edge];
      const size = { inside: source - shift, zero: source + picks[i + 4], wrap: source }[edge];
      return { size, stride: strides[axis], shift, source };
    });
    return { x, params: { axes, edge } };
  });

describe('move kernel', () => {
  it(
    'WGSL and reference agree exactly: permutations, slices, padding, cyclic shifts',
    onGpu((opened) =>
      fc.assert(
        fc.asyncProperty(movement, seed, async ({ x, params }, s) => {
          await kernelLaw(opened, move, [values(s, sizeOf(x))], [x], params);
        }),
      ),
    ),
  );
});

import { expect } from 'chai';
import fc from 'fast-check';
import { sizeOf, stridesOf } from '../../src/kernels/index.js';
import { move, type MoveAxis, type MoveParams } from '../../src/kernels/move.js';
import { seed, shape, values } from '../support/arbitraries.js';
import { onGpu } from '../support/gpu.js';
import { kernelLaw } from '../support/kernelLaw.js';

/** A shape, an order of its axes, and for each axis a shift and a change of size that suit the edge rule. */
const movement = fc
  .record({
    x: shape(3, 4, 5, 8),
    order: fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }),
    edge: fc.constantFrom('inside' as const, 'zero' as const, 'wrap' as const),
    picks: fc.array(fc.nat(7), { minLength: 8, maxLength: 8 }),
  })
  .map(({ x, order, edge, picks }): { x: number[]; params: MoveParams } => {
    const strides = stridesOf(x);
    const axes = order.map((axis, i) => {
      const source = x[axis];
      const shift = {
        inside: picks[i] % source,
        zero: picks[i] - 4,
        wrap: picks[i] % source,
      }[edge];
      const size = { inside: source - shift, zero: source + (picks[i + 4] % 5), wrap: source }[edge];
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

  const x = [2, 3, 8];
  const axis = (i: number, change: Partial<MoveAxis> = {}): MoveAxis => ({
    size: x[i],
    stride: stridesOf(x)[i],
    shift: 0,
    source: x[i],
    ...change,
  });
  const [vector, repeat, gather] = ['alias X = vec4f;', 'let same = vec4f(', '4u * c + 3u'];
  const ways: readonly { way: string; params: MoveParams; read: string }[] = [
    {
      way: 'a slice of whole rows',
      params: { axes: [axis(0), axis(1, { size: 2, shift: 1 }), axis(2)], edge: 'inside' },
      read: vector,
    },
    {
      way: 'rows of zeros around',
      params: { axes: [axis(0), axis(1, { size: 5, shift: -1 }), axis(2)], edge: 'zero' },
      read: vector,
    },
    {
      way: 'vectors of zeros around',
      params: { axes: [axis(0), axis(1), axis(2, { size: 16, shift: -4 })], edge: 'zero' },
      read: vector,
    },
    {
      way: 'zeros around that end within a vector',
      params: { axes: [axis(0), axis(1), axis(2, { size: 12, shift: -2 })], edge: 'zero' },
      read: gather,
    },
    {
      way: 'rows rolled',
      params: { axes: [axis(0), axis(1, { shift: 2 }), axis(2)], edge: 'wrap' },
      read: vector,
    },
    {
      way: 'columns rolled within vectors',
      params: { axes: [axis(0), axis(1), axis(2, { shift: 3 })], edge: 'wrap' },
      read: gather,
    },
    {
      way: 'an element repeated',
      params: { axes: [axis(0), axis(2), axis(1, { size: 4, stride: 0 })], edge: 'inside' },
      read: repeat,
    },
    {
      way: 'a slice that starts within a vector',
      params: { axes: [axis(0), axis(1), axis(2, { size: 4, shift: 1 })], edge: 'inside' },
      read: gather,
    },
  ];
  for (const { way, params, read } of ways)
    it(
      `picks how to read four neighbours: ${way}`,
      onGpu(async (opened) => {
        const { wgsl } = move.launch([x], params, { subgroupSize: 0, software: false });
        expect(wgsl).to.contain(read).and.to.contain('alias Y = vec4f;');
        await kernelLaw(opened, move, [values(1, sizeOf(x))], [x], params);
      }),
    );
});

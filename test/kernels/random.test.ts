import { expect } from 'chai';
import fc from 'fast-check';
import { random, type RandomAddress } from '../../src/kernels/random.js';
import { size } from '../support/arbitraries.js';
import { onGpu } from '../support/gpu.js';
import { kernelLaw } from '../support/kernelLaw.js';

const word = fc.integer({ min: 0, max: 0xffffffff });

/** Any seed and stream; offsets small, at a carry into the upper word of the block, and far out. */
const address: fc.Arbitrary<RandomAddress> = fc.record({
  seed: word,
  stream: word,
  offset: fc
    .tuple(fc.constantFrom(0, 2 ** 34 - 10, 2 ** 50), fc.integer({ min: 0, max: 9 }))
    .map(([far, near]) => far + near),
});

describe('random kernel', () => {
  for (const distribution of ['high', 'low', 'uniform', 'normal'] as const)
    it(
      distribution === 'normal'
        ? 'normal: WGSL and reference agree'
        : `${distribution}: the same bits from WGSL and reference`,
      onGpu((opened) =>
        fc.assert(
          fc.asyncProperty(address, size(200), (a, n) =>
            kernelLaw(opened, random, [], [], { ...a, shape: [n], distribution }),
          ),
        ),
      ),
    );

  it(
    'normal: WGSL and reference agree over a hundred thousand draws',
    onGpu((opened) =>
      kernelLaw(opened, random, [], [], {
        seed: 1,
        stream: 2,
        offset: 0,
        shape: [100_000],
        distribution: 'normal',
      }),
    ),
  );

  it('has words of 16 bits in halves', () => {
    const params = { seed: 0, stream: 0, offset: 0, shape: [4] };
    const [high, low] = (['high', 'low'] as const).map((distribution) =>
      random.reference([], [], { ...params, distribution }),
    );
    expect([...high].map((h, i) => h * 65536 + low[i])).to.deep.equal([
      0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8,
    ]);
  });
});

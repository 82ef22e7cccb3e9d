import { expect } from 'chai';
import fc from 'fast-check';
import { binary, type BinaryName } from '../../src/kernels/binary.js';
import { ShapeError, sizeOf } from '../../src/kernels/index.js';
import { seed, shape, values } from '../support/arbitraries.js';
import { onGpu } from '../support/gpu.js';
import { kernelLaw } from '../support/kernelLaw.js';

/** Two shapes that broadcast: one shape, with axes of either cut to 1 or left out at the front. */
const pair = fc
  .record({ full: shape(3, 5, 2, 9), a: fc.nat(15), b: fc.nat(15), short: fc.nat(3) })
  .map(({ full, a, b, short }) => ({
    a: full.map((d, i) => ((a >> i) & 1 ? 1 : d)),
    b: full.map((d, i) => ((b >> i) & 1 ? 1 : d)).slice(short),
  }));

describe('binary kernels', () => {
  for (const name of Object.keys(binary) as BinaryName[])
    it(
      `${name}: WGSL and reference agree under broadcasting`,
      onGpu((opened) =>
        fc.assert(
          fc.asyncProperty(pair, seed, async ({ a, b }, s) => {
            const divisor = name === 'div' ? ([0.5, 4] as const) : ([-2, 2] as const);
            const inputs = [values(s, sizeOf(a)), values(s + 1, sizeOf(b), ...divisor)];
            await kernelLaw(opened, binary[name], inputs, [a, b], undefined);
          }),
          { numRuns: 40 },
        ),
      ),
    );

  it('follows numpy: [2, 3] + [3] and [2, 1] + [1, 3]', () => {
    const [two, three] = [new Float64Array([10, 20]), new Float64Array([1, 2, 3])];
    const sum = [11, 12, 13, 21, 22, 23];
    expect([...binary.add.reference([two, three], [[2, 1], [1, 3]], undefined)]).to.deep.equal(sum); // prettier-ignore
    const rows = new Float64Array([10, 10, 10, 20, 20, 20]);
    expect([...binary.add.reference([rows, three], [[2, 3], [3]], undefined)]).to.deep.equal(sum);
  });

  it('refuses shapes that do not broadcast', () =>
    expect(() => binary.mul.outShape([[2, 3], [2]], undefined)).to.throw(ShapeError, '[2, 3] and [2]'));
});

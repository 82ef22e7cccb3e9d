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

  const eight = [2, 3, 8];
  const ways: readonly { way: string; a: number[]; b: number[]; units: string }[] = [
    { way: 'rows that repeat', a: eight, b: [8], units: 'vec4f vec4f vec4f' },
    { way: 'an element for a row', a: eight, b: [3, 1], units: 'vec4f f32 vec4f' },
    { way: 'an element for a row, first', a: [2, 1, 1], b: eight, units: 'f32 vec4f vec4f' },
    { way: 'rows of no vectors', a: [2, 3, 7], b: [7], units: 'f32 f32 f32' },
    { way: 'single elements', a: [1, 1], b: [], units: 'f32 f32 f32' },
  ];
  for (const { way, a, b, units } of ways)
    it(
      `picks how to read and store: ${way}`,
      onGpu(async (opened) => {
        const { wgsl } = binary.sub.launch([a, b], undefined, { subgroupSize: 0, software: false });
        const [A, B, Y] = units.split(' ');
        expect(wgsl).to.contain(`alias A = ${A};\nalias B = ${B};\nalias Y = ${Y};`);
        await kernelLaw(opened, binary.sub, [values(1, sizeOf(a)), values(2, sizeOf(b))], [a, b], undefined);
      }),
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

import { expect } from 'chai';
import fc from 'fast-check';
import { axisMap } from '../../src/kernels/axisMap.js';
import { reflectTable, transposed, type AxisTable } from '../../src/kernels/axisTable.js';
import { sizeOf } from '../../src/kernels/index.js';
import { resizeTable } from '../../src/kernels/resizeTable.js';
import { seed, shape, size, values } from '../support/arbitraries.js';
import { expectClose } from '../support/close.js';
import { onGpu } from '../support/gpu.js';
import { kernelLaw } from '../support/kernelLaw.js';

/** The table as a dense matrix, row-major. */
function dense({ rows, length, taps, indices, weights }: AxisTable): Float64Array {
  const m = new Float64Array(rows * length);
  indices.forEach((column, i) => (m[Math.floor(i / taps) * length + column] += weights[i]));
  return m;
}

/** The taps of MATLAB's imresize for ×4 down, times 2¹²; row k starts at index 4k − 6. */
const TAPS = [-7, -45, -75, -49, 93, 399, 745, 987, 987, 745, 399, 93, -49, -75, -45, -7];

describe('axisMap kernel', () => {
  it(
    'WGSL and reference agree',
    onGpu((opened) =>
      fc.assert(
        fc.asyncProperty(shape(3, 12, 9), size(12), size(5), seed, async (x, rows, taps, s) => {
          const indices = values(s, rows * taps, 0, x[1]).map((v) => Math.min(Math.floor(v), x[1] - 1));
          const inputs = [values(s + 1, sizeOf(x)), indices, values(s + 2, rows * taps)];
          await kernelLaw(opened, axisMap, inputs, [x, [rows, taps], [rows, taps]], undefined);
        }),
        { numRuns: 60 },
      ),
    ),
  );
});

describe('axis tables', () => {
  it('transposed: rows become columns, and twice is the table itself', () =>
    fc.assert(
      fc.property(size(20), size(20), (n, m) => {
        const table = resizeTable(n, m);
        const back = transposed(table);
        const [a, b] = [dense(table), dense(back)];
        expect([back.rows, back.length]).to.deep.equal([n, m]);
        a.forEach((v, i) => expect(b[(i % n) * m + Math.floor(i / n)]).to.equal(v));
        expect(transposed(back)).to.equal(table);
      }),
    ));

  it('reflectTable: mirrors at the edge samples, as often as it takes', () => {
    expect([...reflectTable(4, 3, 2).indices]).to.deep.equal([3, 2, 1, 0, 1, 2, 3, 2, 1]);
    expect([...reflectTable(2, 3, 1).indices]).to.deep.equal([1, 0, 1, 0, 1, 0]);
    expect([...reflectTable(1, 2, 1).indices]).to.deep.equal([0, 0, 0, 0]);
  });

  it("resizeTable: MATLAB's 16 taps, exactly, for ×4 down", () => {
    const { taps, indices, weights } = resizeTable(80, 20);
    expect(taps).to.equal(16);
    for (let k = 0; k < 20; k++)
      TAPS.forEach((tap, j) => {
        expect(weights[16 * k + j]).to.equal(tap / 4096);
        const i = 4 * k - 6 + j;
        expect(indices[16 * k + j]).to.equal(i < 0 ? -1 - i : i >= 80 ? 159 - i : i);
      });
  });

  it('resizeTable: keeps constants, and is the identity for equal lengths', () =>
    fc.assert(
      fc.property(size(40), size(40), (n, m) => {
        const table = resizeTable(n, m);
        const sums = Float64Array.from({ length: m }, (_, k) =>
          table.weights.subarray(k * table.taps, (k + 1) * table.taps).reduce((a, b) => a + b, 0),
        );
        expectClose(sums, new Float64Array(m).fill(1), 1e-14);
        const same = dense(resizeTable(n, n));
        expectClose(
          same,
          same.map((_, i) => (i % (n + 1) === 0 ? 1 : 0)),
        );
      }),
    ));
});

import fc from 'fast-check';
import { unary, unaryBackward, unaryForward, type UnaryName } from '../../src/kernels/elementwise.js';
import { seed, size, values } from '../support/arbitraries.js';
import { onGpu } from '../support/gpu.js';
import { kernelLaw } from '../support/kernelLaw.js';

describe('elementwise kernels', () => {
  for (const name of Object.keys(unary) as UnaryName[]) {
    const { f, domain } = unary[name];

    it(
      `${name}: WGSL and reference agree on its domain`,
      onGpu((opened) =>
        fc.assert(
          fc.asyncProperty(size(40), seed, async (n, s) => {
            const x = values(s, n, ...domain);
            const y = x.map(f);
            const g = values(s + 1, n);
            await kernelLaw(opened, unaryForward[name], [x], [[n]], undefined);
            await kernelLaw(opened, unaryBackward[name], [x, y, g], [[n], [n], [n]], undefined);
          }),
          { numRuns: 10 },
        ),
      ),
    );
  }
});

import fc from 'fast-check';
import { unary, type UnaryName } from '../../src/kernels/elementwise.js';
import * as T from '../../src/tensor/index.js';
import { random, seed, shape } from '../support/arbitraries.js';
import { gradcheck } from '../support/gradcheck.js';

const backend = new T.CpuBackend();
/** Where |x| and relu have no derivative, and what keeps central differences away from it. */
const kinks: Partial<Record<UnaryName, number>> = { abs: 0.01, relu: 0.01 };

describe('elementwise vjps', () => {
  for (const name of Object.keys(unary) as UnaryName[]) {
    const [low, high] = unary[name].domain;
    const margin = 0.01;

    it(`${name}: central differences`, () =>
      fc.assert(
        fc.asyncProperty(shape(3, 40), seed, async (dims, s) => {
          const x =
            kinks[name] === undefined
              ? random(backend, dims, s, low + margin, high - margin)
              : T.tensor(
                  backend,
                  dims,
                  (await random(backend, dims, s, kinks[name], high).read()).map((v, i) =>
                    i % 2 === 0 ? v : -v,
                  ),
                );
          await gradcheck(T[name], [x], s + 1);
        }),
        { numRuns: 20 },
      ));
  }
});

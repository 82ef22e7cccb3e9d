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
          const kink = kinks[name];
          const drawn = await random(backend, dims, s, kink ?? low + margin, high - margin).read();
          // Not 0, where the slope of a square is nothing to compare with; from a kink on, both sides in turn.
          const x = drawn.map((v, i) => (kink === undefined ? v || high - margin : i % 2 === 0 ? v : -v));
          await gradcheck(T[name], [T.tensor(backend, dims, x)], s + 1);
        }),
        { numRuns: 20 },
      ));
  }
});

import { expect } from 'chai';
import fc from 'fast-check';
import { initTimeEmbedding, sinusoid, TimeEmbedding } from '../../../src/model/blocks/timeEmbedding.js';
import { Initialiser } from '../../../src/model/initialiser.js';
import { CpuBackend } from '../../../src/tensor/index.js';
import { checkModule, perturbed } from '../support/module.js';

const backend = new CpuBackend();
const at = (channels: number, seed = 1) => initTimeEmbedding(channels, new Initialiser(backend, seed));

describe('TimeEmbedding', () => {
  it('tells every two of the first thousand timesteps apart', async () => {
    const steps = Array.from({ length: 1000 }, (_, t) => t);
    const e = 16;
    const values = Array.from(await new TimeEmbedding(e, at(e)).forward(steps).read());
    const row = (t: number) => values.slice(t * e, (t + 1) * e);
    let closest = Infinity;
    for (const a of steps)
      for (let b = 0; b < a; b++) {
        const distance = row(a).reduce((sum, v, i) => sum + (v - row(b)[i]) ** 2, 0);
        closest = Math.min(closest, Math.sqrt(distance));
      }
    expect(closest).to.be.greaterThan(1e-4);
  });

  it('turns by a fixed angle per step: the inner product depends on the difference of steps alone', () =>
    fc.assert(
      fc.property(fc.nat(100), fc.nat(100), fc.nat(100), fc.integer({ min: 1, max: 16 }), (s, t, d, half) => {
        const product = (a: number, b: number) =>
          sinusoid(a, 2 * half).reduce((sum, v, i) => sum + v * sinusoid(b, 2 * half)[i], 0);
        expect(product(s, s + d)).to.be.closeTo(product(t, t + d), 1e-9);
      }),
    ));

  it('differentiates', () =>
    fc.assert(
      fc.asyncProperty(fc.nat(1e6), (seed) =>
        checkModule(perturbed(at(6, seed), seed), [], (p) => new TimeEmbedding(6, p).forward([1, 15]), seed),
      ),
      { numRuns: 5 },
    ));

  it('refuses an odd size, and parameters of another', () => {
    expect(() => new TimeEmbedding(5, at(5))).to.throw(RangeError, 'an even size, got 5');
    expect(() => new TimeEmbedding(6, at(4))).to.throw('TimeEmbedding: first');
  });
});

/** What the tests of the diffusion draw: processes, steps and frames that fit them. Values come from seeds. */
import fc from 'fast-check';
import { type DiffusionConfig, makeSchedule, type Schedule, toSpectrum } from '../../src/diffusion/index.js';
import { CpuBackend, randomNormal, type Shape, type Tensor } from '../../src/tensor/index.js';

/** Nothing is freed on it: it lives as long as the tests. */
export const cpu = new CpuBackend();

/** A legal configuration, blurred or not. */
export const config: fc.Arbitrary<DiffusionConfig> = fc.record({
  T: fc.integer({ min: 2, max: 20 }),
  kappa: fc.integer({ min: 1, max: 16 }).map((k) => k / 4),
  minNoise: fc.constantFrom(0.02, 0.04, 0.2),
  p: fc.constantFrom(1, 2, 4, 8),
  blurLaw: fc.constantFrom('log' as const, 'sin2' as const),
  sigmaB2Max: fc.constantFrom(0, 0.25, 1, 2, 3, 9),
});

export interface Setting {
  readonly s: Schedule;
  /** A step, 1 … T. */
  readonly t: number;
  /** Frames that p divides. */
  readonly shape: Shape;
  readonly seed: number;
}

/** A process, a step of it, the shape of a batch and a seed. `first` is the least step drawn. */
export const setting = (first: 0 | 1 | 2, configs = config): fc.Arbitrary<Setting> =>
  configs.map(makeSchedule).chain((s) =>
    fc.record({
      s: fc.constant(s),
      t: fc.integer({ min: first, max: s.T }),
      shape: fc
        .tuple(...[2, 3, 2, 2].map((max) => fc.integer({ min: 1, max })))
        .map(([n, c, rows, cols]) => [n, c, rows * s.p, cols * s.p]),
      seed: fc.nat(2 ** 32 - 1),
    }),
  );

/** White frames, or spectra: it is the same. `stream` tells those of one seed apart. */
export const white = (shape: Shape, seed: number, stream = 0): Tensor =>
  randomNormal(cpu, shape, { seed, stream });

/** Spectra u_0, u_l and u_t of white frames. */
export const ends = ({ shape, seed, s }: Setting): readonly [u0: Tensor, ul: Tensor, ut: Tensor] => [
  toSpectrum(white(shape, seed, 0), s.p),
  toSpectrum(white(shape, seed, 1), s.p),
  toSpectrum(white(shape, seed, 2), s.p),
];

/** Which entry of a p × p table belongs to element i of a spectrum of this shape. */
export const frequencyAt =
  (p: number, shape: Shape) =>
  (i: number): number => {
    const w = shape[shape.length - 1];
    return (Math.floor(i / w) % p) * p + ((i % w) % p);
  };

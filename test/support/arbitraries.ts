/**
 * What properties draw: shapes and seeds. Numbers come from a seed, so that a counterexample prints on one line
 * and shrinks in a few runs.
 */
import fc from 'fast-check';
import { sizeOf, tensor, type Backend, type Shape, type Tensor } from '../../src/tensor/index.js';

/** A seed. Not shrunk: a smaller one is no simpler. */
export const seed = fc.noShrink(fc.nat());

/** A size of an axis, often a multiple of four, which is where kernels load four elements at once. */
export const size = (max: number): fc.Arbitrary<number> =>
  fc.oneof(
    fc.integer({ min: 1, max }),
    fc.integer({ min: 1, max: Math.ceil(max / 4) }).map((n) => 4 * n),
  );

export const shape = (...most: number[]): fc.Arbitrary<number[]> => fc.tuple(...most.map(size));

/** Unsigned 32-bit integers from a seed: Weyl sequence and two multiply-xorshift rounds [SplitMix]. */
function words(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return (z ^ (z >>> 16)) >>> 0;
  };
}

/**
 * f32 values on [low, high]. One in eight is an end of the interval, or 0 if that lies within. None is subnormal:
 * WGSL lets a device flush those to zero.
 */
export function values(seed: number, size: number, low = -2, high = 2): Float64Array {
  const next = words(seed);
  const special = low < 0 && high > 0 ? [low, 0, high] : [low, high];
  return Float64Array.from({ length: size }, () => {
    const pick = next() / 2 ** 32;
    if (pick < 1 / 8) return Math.fround(special[Math.floor(8 * pick * special.length)]);
    const v = Math.fround(low + ((high - low) * next()) / 2 ** 32);
    return Math.abs(v) < 2 ** -126 ? 0 : v;
  });
}

/** A tensor of such values. */
export const random = (backend: Backend, shape: Shape, seed: number, low = -2, high = 2): Tensor =>
  tensor(backend, shape, values(seed, sizeOf(shape), low, high));

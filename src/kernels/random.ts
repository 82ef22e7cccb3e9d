/**
 * Random numbers that are a function of their address. Element i of a tensor has address e = offset + i; it is
 * made of word e mod 4 of the Philox block with counter ⌊e / 4⌋ under the key (seed, stream). So any part of
 * a sequence can be made alone, in any order, on any backend.
 *
 *   uniform    (w ≫ 8) 2⁻²⁴                            in [0, 1)
 *   normal     √(−2 ln u₁) cos 2πu₂  at even addresses, √(−2 ln u₁) sin 2πu₂ at odd ones [Box and Muller],
 *              u₁ = ((w ≫ 8) + 1) 2⁻²⁴ in (0, 1] of the even word, u₂ = (w ≫ 8) 2⁻²⁴ of the odd one
 *   high, low  the upper and the lower 16 bits of w, exact in f32: for tests
 */
import type { Kernel } from './kernel.js';
import { philox4x32 } from './philox.js';
import { sizeOf, type Shape } from './shape.js';
import { fold, uniforms, wgsl } from './source.js';

/** Where in the random numbers of all programs a tensor begins. */
export interface RandomAddress {
  /** Unsigned 32-bit integer. */
  readonly seed: number;
  /** Unsigned 32-bit integer: what the numbers are for. Streams are independent. */
  readonly stream: number;
  /** Address of the first element, an integer ≥ 0. */
  readonly offset: number;
}

export interface RandomParams extends RandomAddress {
  readonly shape: Shape;
  readonly distribution: Distribution;
}

export type Distribution = 'uniform' | 'normal' | 'high' | 'low';

const WG = 64;
const source = wgsl(import.meta.url, './random.wgsl');
const distributions: readonly Distribution[] = ['uniform', 'normal', 'high', 'low'];

export const random: Kernel<RandomParams> = {
  name: 'random',
  outShape(_, { shape, seed, stream, offset }) {
    for (const [name, value] of Object.entries({ seed, stream }))
      if (value >>> 0 !== value)
        throw new RangeError(`random: ${name}: expected an unsigned 32-bit integer, got ${value}`);
    if (!Number.isSafeInteger(offset + sizeOf(shape)) || offset < 0)
      throw new RangeError(`random: offset: expected an integer >= 0, got ${offset}`);
    return shape;
  },
  launch(_, { shape, distribution, seed, stream, offset }) {
    const quads = Math.ceil(sizeOf(shape) / 4);
    const block = Math.floor(offset / 4);
    return {
      wgsl: source,
      workgroups: fold(Math.ceil(quads / WG)),
      constants: { WG, PHASE: offset % 4, DISTRIBUTION: distributions.indexOf(distribution) },
      uniforms: uniforms(quads, seed, stream, block >>> 0, Math.floor(block / 2 ** 32)),
    };
  },
  reference(_, __, { shape, distribution, seed, stream, offset }) {
    const y = new Float64Array(sizeOf(shape));
    let at = -1;
    let block: readonly number[] = [];
    for (let i = 0; i < y.length; i++) {
      const address = offset + i;
      if (at !== Math.floor(address / 4)) {
        at = Math.floor(address / 4);
        const words = philox4x32([at >>> 0, Math.floor(at / 2 ** 32), 0, 0], [seed, stream]);
        block = words.map((w, k) => value(w, words[k ^ 1], k % 2 === 1, distribution));
      }
      y[i] = block[address % 4];
    }
    return y;
  },
  // Normal only, the others are exact. ln u₁ = k ln 2 + 2 artanh s, s = (f − 1)/(f + 1): 6 for s, 4 for the series, 3
  // for k ln 2 and the sum, which cancels at most threefold: 39, halved by the root, which adds 9 (4.5 ulp). The sine
  // and cosine: 2 for the angle, 5 for the series. One product.
  roundings: (_, { distribution }) => (distribution === 'normal' ? 40 : 0),
};

/** @param partner the other word of the pair; @param odd whether `w` is its second */
function value(w: number, partner: number, odd: boolean, distribution: Distribution): number {
  switch (distribution) {
    case 'high':
      return w >>> 16;
    case 'low':
      return w & 0xffff;
    case 'uniform':
      return (w >>> 8) * 2 ** -24;
    case 'normal': {
      const [first, second] = odd ? [partner, w] : [w, partner];
      const radius = Math.sqrt(-2 * Math.log(((first >>> 8) + 1) * 2 ** -24));
      const [cosine, sine] = turn((second >>> 8) * 2 ** -24);
      return radius * (odd ? sine : cosine);
    }
  }
}

/** cos 2πu and sin 2πu, exact at the quarters: 2πu = (π/2)(q + f) with an integer q and |f| ≤ ½. */
function turn(u: number): [cosine: number, sine: number] {
  const q = Math.round(4 * u);
  const angle = (Math.PI / 2) * (4 * u - q);
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const quarters: [number, number][] = [
    [c, s],
    [-s, c],
    [-c, -s],
    [s, -c],
  ];
  return quarters[q % 4];
}

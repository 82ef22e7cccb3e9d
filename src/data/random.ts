/**
 * Reproducible randomness for data: xoshiro128** (Blackman and Vigna, 2018), seeded through Murmur3's
 * finaliser. The bits come from 32-bit integer arithmetic alone, so they are the same on every machine.
 * Equal (seed, stream) give equal sequences; any others may be taken as independent.
 */
export class Random {
  private readonly s: Uint32Array;

  /**
   * @param seed an integer, 0 … 2⁵³ − 1
   * @param stream likewise: the number of a clip, a worker, a purpose
   * @throws RangeError if either is not
   */
  constructor(seed: number, stream = 0) {
    let h = 0x9e3779b9;
    for (const value of [seed, stream]) {
      if (!Number.isSafeInteger(value) || value < 0)
        throw new RangeError(`Random: expected seed and stream in 0 ... 2^53 - 1, got ${value}`);
      h = mix(h ^ mix(value >>> 0));
      h = mix(h + 0x9e3779b9 + mix(Math.floor(value / 2 ** 32) ^ 0x7f4a7c15));
    }
    this.s = Uint32Array.from([1, 2, 3, 4], (k) => mix(h + Math.imul(k, 0x9e3779b9)));
    this.s[0] |= 1; // all zero is the one state it cannot leave
  }

  /** Uniform on [0, 1), a multiple of 2⁻³². */
  uniform(): number {
    return this.bits() / 2 ** 32;
  }

  /**
   * Uniform on 0 … n − 1, without bias.
   *
   * @throws RangeError unless n is an integer in 1 … 2³²
   */
  int(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > 2 ** 32)
      throw new RangeError(`Random.int: expected n in 1 ... 2^32, got ${n}`);
    const fair = 2 ** 32 - (2 ** 32 % n);
    let bits = this.bits();
    while (bits >= fair) bits = this.bits();
    return bits % n;
  }

  /** Gaussian with mean 0 and variance 1, by Marsaglia's polar method. */
  normal(): number {
    for (;;) {
      const x = 2 * this.uniform() - 1;
      const y = 2 * this.uniform() - 1;
      const r2 = x * x + y * y;
      if (r2 > 0 && r2 < 1) return x * Math.sqrt((-2 * Math.log(r2)) / r2);
    }
  }

  /** 32 bits. */
  private bits(): number {
    const s = this.s;
    const result = Math.imul(rotate(Math.imul(s[1], 5), 7), 9) >>> 0;
    const t = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 11);
    return result;
  }
}

const rotate = (x: number, k: number): number => (x << k) | (x >>> (32 - k));

/** Murmur3's 32-bit finaliser, a bijection. */
function mix(x: number): number {
  let h = x | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

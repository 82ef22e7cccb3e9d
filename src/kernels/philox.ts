/**
 * Philox 4×32-10, a counter-based random generator [Salmon et al., Parallel random numbers: as easy as 1, 2, 3,
 * SC 2011]: 128 bits of counter and 64 of key → four 32-bit words, by ten rounds of multiplication.
 */
export type Words4 = readonly [number, number, number, number];

const ROUNDS = 10;
const MULTIPLIERS = [0xd2511f53, 0xcd9e8d57] as const;
/** The golden ratio and √3 − 1, added to the key after each round. */
const WEYL = [0x9e3779b9, 0xbb67ae85] as const;

/** The four random words of a counter under a key; all words unsigned 32-bit, least significant first. */
export function philox4x32(counter: Words4, key: readonly [number, number]): Words4 {
  let [a, b, c, d] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < ROUNDS; round++) {
    const [hiA, loA] = product(MULTIPLIERS[0], a);
    const [hiC, loC] = product(MULTIPLIERS[1], c);
    [a, b, c, d] = [(hiC ^ b ^ k0) >>> 0, loC, (hiA ^ d ^ k1) >>> 0, loA];
    k0 = (k0 + WEYL[0]) >>> 0;
    k1 = (k1 + WEYL[1]) >>> 0;
  }
  return [a, b, c, d];
}

/** The 64-bit product of two unsigned 32-bit numbers, [high, low] words, by 16-bit halves. */
function product(x: number, y: number): [high: number, low: number] {
  const [x0, x1, y0, y1] = [x & 0xffff, x >>> 16, y & 0xffff, y >>> 16];
  const middle = x1 * y0 + ((x0 * y0) >>> 16); // < 2³²
  const cross = x0 * y1 + (middle & 0xffff); // < 2³²
  const high = x1 * y1 + Math.floor(middle / 0x10000) + Math.floor(cross / 0x10000);
  return [high >>> 0, Math.imul(x, y) >>> 0];
}

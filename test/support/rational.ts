/** Rational numbers, exact: a second opinion on identities that float64 can only support. */

/** n/d in lowest terms, d > 0. */
export interface Rational {
  readonly n: bigint;
  readonly d: bigint;
}

const gcd = (a: bigint, b: bigint): bigint => (b === 0n ? (a < 0n ? -a : a) : gcd(b, a % b));

/** @throws RangeError if d is 0 */
export function rational(n: number | bigint, d: number | bigint = 1n): Rational {
  const [num, den] = [BigInt(n), BigInt(d)];
  if (den === 0n) throw new RangeError('a rational number has a denominator of 0');
  const g = gcd(num, den) * (den < 0n ? -1n : 1n);
  return { n: num / g, d: den / g };
}

export const plus = (...xs: Rational[]): Rational =>
  xs.reduce((a, b) => rational(a.n * b.d + b.n * a.d, a.d * b.d));
export const times = (...xs: Rational[]): Rational => xs.reduce((a, b) => rational(a.n * b.n, a.d * b.d));
export const minus = (a: Rational, b: Rational): Rational => plus(a, { n: -b.n, d: b.d });
export const over = (a: Rational, b: Rational): Rational => rational(a.n * b.d, a.d * b.n);
/** The nearest float64, for numerators and denominators that are not huge. */
export const toNumber = ({ n, d }: Rational): number => Number((n << 80n) / d) / 2 ** 80;

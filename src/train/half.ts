/**
 * IEEE 754 binary16: one sign bit, five of exponent (bias 15), ten of fraction. As bit patterns, since
 * JavaScript has no such array on every version of Node that is supported.
 */
const word = new DataView(new ArrayBuffer(4));

/** The number that 16 bits stand for. Exact. */
export function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The 16 bits nearest to a number, ties to even; beyond ±65519.99… infinity, below 2⁻²⁵ zero. */
export function toHalf(value: number): number {
  word.setFloat32(0, value);
  const sign = (word.getUint32(0) >>> 16) & 0x8000;
  const size = Math.abs(value);
  if (Number.isNaN(value)) return 0x7e00;
  if (size >= 65520) return sign | 0x7c00;
  if (size < 2 ** -14) return sign | toEven(size * 2 ** 24); // 1024 becomes the least normal by itself
  const exponent = Math.floor(Math.log2(size));
  const e = size < 2 ** exponent ? exponent - 1 : size >= 2 ** (exponent + 1) ? exponent + 1 : exponent;
  const fraction = toEven((size / 2 ** e - 1) * 1024);
  return sign | (((e + 15) << 10) + fraction); // a fraction of 1024 carries into the exponent
}

function toEven(x: number): number {
  const low = Math.floor(x);
  const rest = x - low;
  return rest > 0.5 || (rest === 0.5 && low % 2 === 1) ? low + 1 : low;
}

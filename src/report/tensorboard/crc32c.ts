/** x³² + x²⁸ + … + 1 of Castagnoli, bits reversed (RFC 3720, section 12.1). */
const POLYNOMIAL = 0x82f63b78;

/** What each byte does to the register. */
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? POLYNOMIAL : 0);
  return crc;
});

/** CRC-32C of some bytes, an unsigned integer. The `crc32` of zlib has another polynomial. */
export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ TABLE[(crc ^ byte) & 0xff];
  return ~crc >>> 0;
}

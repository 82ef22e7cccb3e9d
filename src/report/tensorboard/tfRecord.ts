import { crc32c } from './crc32c.js';

/**
 * Masked CRC, as TFRecord stores it (tensorflow.org/tutorials/load_data/tfrecord):
 *
 *   ((crc >> 15) | (crc << 17)) + 0xa282ead8   mod 2³²
 */
export function maskedCrc(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

/** One record: uint64 length, its masked CRC, the data, their masked CRC; little-endian. */
export function tfRecord(data: Uint8Array): Uint8Array {
  const record = new Uint8Array(data.length + 16);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedCrc(record.subarray(0, 8)), true);
  record.set(data, 12);
  view.setUint32(12 + data.length, maskedCrc(data), true);
  return record;
}

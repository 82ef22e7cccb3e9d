/** Fields of a protobuf message (protobuf.dev/programming-guides/encoding). A message is its fields, one after the other. */

/** Wire types. */
const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

/** Seven bits a byte, the lowest first; all bytes but the last have the highest bit. */
function base128(value: number): number[] {
  const bytes: number[] = [];
  for (; value >= 128; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
  return [...bytes, value];
}

const tagged = (field: number, wire: number, bytes: Iterable<number>): Uint8Array =>
  Uint8Array.from([...base128((field << 3) | wire), ...bytes]);

const fixed = (size: number, set: (view: DataView) => void): Uint8Array => {
  const view = new DataView(new ArrayBuffer(size));
  set(view);
  return new Uint8Array(view.buffer);
};

/** An int64, or an enum. @param value 0 … 2⁵³ − 1 */
export const int = (field: number, value: number): Uint8Array => tagged(field, VARINT, base128(value));

export const double = (field: number, value: number): Uint8Array =>
  tagged(
    field,
    FIXED64,
    fixed(8, (view) => view.setFloat64(0, value, true)),
  );

export const float = (field: number, value: number): Uint8Array =>
  tagged(
    field,
    FIXED32,
    fixed(4, (view) => view.setFloat32(0, value, true)),
  );

export const text = (field: number, value: string): Uint8Array =>
  message(field, new TextEncoder().encode(value));

/** @param fields of the message inside */
export function message(field: number, ...fields: readonly Uint8Array[]): Uint8Array {
  const inside = fields.flatMap((bytes) => [...bytes]);
  return tagged(field, BYTES, [...base128(inside.length), ...inside]);
}

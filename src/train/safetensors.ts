/**
 * The safetensors format: eight bytes N (unsigned, little-endian), N bytes of JSON, and the tensors' bytes.
 *
 *   { "__metadata__": { key: text }, name: { "dtype": "F32", "shape": [2, 3], "data_offsets": [from, to] } }
 *
 * Offsets count from the end of the header. As in the reference implementation a header has at most 10⁸ bytes,
 * begins with `{`, and the tensors cover the data without a hole or an overlap. Nothing in a file is run.
 */
import { sizeOf, type Shape } from '../tensor/index.js';
import { CheckpointError } from './checkpointError.js';
import { fromHalf, toHalf } from './half.js';

/** Kinds of number that are read and written, with their bytes. */
const widths = { F16: 2, F32: 4, F64: 8 } as const;

export type Dtype = keyof typeof widths;

/** One array in a file. F16 is given as float32. */
export interface StoredTensor {
  readonly dtype: Dtype;
  readonly shape: Shape;
  readonly values: Float32Array | Float64Array;
}

/** All that a file holds; tensors by name. */
export interface TensorFile {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: Readonly<Partial<Record<string, string>>>;
}

const MAX_HEADER = 100_000_000;
const METADATA = '__metadata__';

/** The bytes of a file. Tensors lie in the order of the map. @throws RangeError if a tensor's values do not fill its shape */
export function encodeSafetensors({ tensors, metadata }: TensorFile): Uint8Array {
  const header: Record<string, unknown> = { [METADATA]: metadata };
  let end = 0;
  for (const [name, { dtype, shape, values }] of tensors) {
    if (values.length !== sizeOf(shape))
      throw new RangeError(`${name}: ${values.length} values for [${shape.join(', ')}]`);
    const start = end;
    end += values.length * widths[dtype];
    header[name] = { dtype, shape, data_offsets: [start, end] };
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const padded = Math.ceil(text.length / 8) * 8; // so that the data is aligned
  const bytes = new Uint8Array(8 + padded + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(padded), true);
  bytes.fill(0x20, 8, 8 + padded);
  bytes.set(text, 8);
  const view = new DataView(bytes.buffer, 8 + padded);
  let at = 0;
  for (const { dtype, values } of tensors.values()) {
    for (let i = 0; i < values.length; i++, at += widths[dtype]) write[dtype](view, at, values[i]);
  }
  return bytes;
}

/**
 * What a file holds.
 *
 * @param file its name, for messages
 * @throws CheckpointError if the bytes are not a whole and consistent file of numbers of these kinds
 */
export function decodeSafetensors(bytes: Uint8Array, file: string): TensorFile {
  const { header, data } = split(bytes, file);
  const { [METADATA]: metadata = {}, ...entries } = header;
  if (!isRecord(metadata) || Object.values(metadata).some((v) => typeof v !== 'string'))
    throw damaged(file, `${METADATA} is not a table of texts`);
  const layouts = Object.entries(entries).map(([name, entry]) => layoutOf(name, entry, file));
  checkCover(layouts, data.byteLength, file);
  const tensors = new Map<string, StoredTensor>();
  for (const { name, dtype, shape, start } of layouts) {
    const values = dtype === 'F64' ? new Float64Array(sizeOf(shape)) : new Float32Array(sizeOf(shape));
    for (let i = 0; i < values.length; i++) values[i] = read[dtype](data, start + i * widths[dtype]);
    tensors.set(name, { dtype, shape, values });
  }
  return { tensors, metadata: metadata as Record<string, string> };
}

interface Layout {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: Shape;
  readonly start: number;
  readonly end: number;
}

const write: Record<Dtype, (view: DataView, at: number, value: number) => void> = {
  F16: (view, at, value) => view.setUint16(at, toHalf(value), true),
  F32: (view, at, value) => view.setFloat32(at, value, true),
  F64: (view, at, value) => view.setFloat64(at, value, true),
};

const read: Record<Dtype, (view: DataView, at: number) => number> = {
  F16: (view, at) => fromHalf(view.getUint16(at, true)),
  F32: (view, at) => view.getFloat32(at, true),
  F64: (view, at) => view.getFloat64(at, true),
};

const damaged = (file: string, what: string): CheckpointError =>
  new CheckpointError(file, `expected a safetensors file, but ${what}; copy or download it again`);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function split(bytes: Uint8Array, file: string): { header: Record<string, unknown>; data: DataView } {
  if (bytes.length < 8) throw damaged(file, `it has only ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getBigUint64(0, true);
  if (length > MAX_HEADER) throw damaged(file, `its header claims ${length} bytes (at most ${MAX_HEADER})`);
  const n = Number(length);
  if (8 + n > bytes.length)
    throw damaged(file, `it ends within its header (${bytes.length} of ${8 + n} bytes)`);
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, 8 + n)));
  } catch {
    throw damaged(file, 'its header is not JSON');
  }
  if (bytes[8] !== 0x7b || !isRecord(header)) throw damaged(file, 'its header is not a table');
  return { header, data: new DataView(bytes.buffer, bytes.byteOffset + 8 + n, bytes.byteLength - 8 - n) };
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function layoutOf(name: string, entry: unknown, file: string): Layout {
  const at = `tensor ${JSON.stringify(name)}`;
  if (!isRecord(entry)) throw damaged(file, `${at} is not a table`);
  const { dtype, shape, data_offsets: offsets } = entry;
  if (typeof dtype !== 'string' || !Object.hasOwn(widths, dtype))
    throw new CheckpointError(
      file,
      `${at}: expected dtype ${Object.keys(widths).join(', ')}, got ${JSON.stringify(dtype)}; convert it first`,
    );
  if (!Array.isArray(shape) || !shape.every(isCount)) throw damaged(file, `${at} has no shape`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount))
    throw damaged(file, `${at} has no data_offsets`);
  const [start, end] = offsets;
  const bytes = sizeOf(shape) * widths[dtype as Dtype];
  if (end - start !== bytes)
    throw damaged(
      file,
      `${at}, ${dtype} [${shape.join(', ')}], has ${end - start} bytes instead of ${bytes}`,
    );
  return { name, dtype: dtype as Dtype, shape, start, end };
}

function checkCover(layouts: readonly Layout[], length: number, file: string): void {
  let end = 0;
  for (const next of [...layouts].sort((a, b) => a.start - b.start || a.end - b.end)) {
    if (next.start !== end)
      throw damaged(
        file,
        `tensor ${JSON.stringify(next.name)} begins at byte ${next.start} instead of ${end}`,
      );
    end = next.end;
  }
  if (end !== length) throw damaged(file, `its tensors take ${end} bytes and it holds ${length}`);
}

import { expect } from 'chai';
import fc from 'fast-check';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random } from '../../src/data/index.js';
import {
  CheckpointError,
  decodeSafetensors,
  encodeSafetensors,
  fromHalf,
  type StoredTensor,
  type TensorFile,
  toHalf,
} from '../../src/train/index.js';
import { readSealed, writeSealed } from '../../src/train/sealedFile.js';

/** Arrays of given shapes and kinds; values from a seed, F16 ones such as 16 bits hold. */
const files = fc
  .record({
    seed: fc.nat(),
    entries: fc.uniqueArray(
      fc.record({
        name: fc.string({ minLength: 1 }).filter((s) => s !== '__metadata__' && s !== '__proto__'),
        shape: fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 }),
        dtype: fc.constantFrom('F16' as const, 'F32' as const, 'F64' as const),
      }),
      { maxLength: 5, selector: ({ name }) => name },
    ),
    metadata: fc.dictionary(
      fc.string().filter((s) => s !== '__proto__'),
      fc.string(),
      { maxKeys: 3, noNullPrototype: true },
    ),
  })
  .map(({ seed, entries, metadata }): TensorFile => {
    const random = new Random(seed);
    const tensors = new Map(
      entries.map(({ name, shape, dtype }): [string, StoredTensor] => {
        const size = shape.reduce((n, d) => n * d, 1);
        const draw = Array.from({ length: size }, () => random.normal());
        if (dtype === 'F64') return [name, { dtype, shape, values: Float64Array.from(draw) }];
        const values = Float32Array.from(draw, (v) => (dtype === 'F16' ? fromHalf(toHalf(v)) : v));
        return [name, { dtype, shape, values }];
      }),
    );
    return { tensors, metadata };
  });

const sorted = ({ tensors, metadata }: TensorFile): unknown => ({
  tensors: [...tensors].sort(([a], [b]) => (a < b ? -1 : 1)),
  metadata,
});

/** A file by hand: a header as text, and data. */
function raw(header: string, data: Uint8Array, claimed = header.length): Uint8Array {
  const bytes = new Uint8Array(8 + header.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(claimed), true);
  bytes.set(new TextEncoder().encode(header), 8);
  bytes.set(data, 8 + header.length);
  return bytes;
}

const entry = (from: number, to: number, shape = [(to - from) / 4], dtype = 'F32'): string =>
  JSON.stringify({ dtype, shape, data_offsets: [from, to] });

describe('safetensors', () => {
  it('gives back what was put in', () =>
    fc.assert(
      fc.property(files, (file) => {
        expect(sorted(decodeSafetensors(encodeSafetensors(file), 'test'))).to.deep.equal(sorted(file));
      }),
    ));

  it('reads the example of the format: eight bytes of length, header, data', () => {
    const data = new Uint8Array(new Float32Array([1, 2, 3]).buffer);
    const { tensors, metadata } = decodeSafetensors(
      raw(`{"__metadata__":{"a":"b"},"x":${entry(0, 12)}}`, data),
      'f',
    );
    expect([...tensors.get('x')!.values]).to.deep.equal([1, 2, 3]);
    expect(metadata).to.deep.equal({ a: 'b' });
  });

  const bad: Record<string, [Uint8Array, RegExp]> = {
    'an empty file': [new Uint8Array(0), /only 0 bytes/],
    'a header beyond the cap': [raw('{}', new Uint8Array(0), 100_000_001), /claims 100000001/],
    'a header beyond the file': [raw('{}', new Uint8Array(0), 3), /ends within its header/],
    'no JSON': [raw('{nonsense', new Uint8Array(0)), /not JSON/],
    'a list for a header': [raw('[]', new Uint8Array(0)), /not a table/],
    'white space before the header': [raw(' {}', new Uint8Array(0)), /not a table/],
    'a hole': [
      raw(`{"a":${entry(0, 4)},"b":${entry(8, 12)}}`, new Uint8Array(12)),
      /"b" begins at byte 8 instead of 4/,
    ],
    'an overlap': [
      raw(`{"a":${entry(0, 8)},"b":${entry(4, 12)}}`, new Uint8Array(12)),
      /"b" begins at byte 4 instead of 8/,
    ],
    'data left over': [raw(`{"a":${entry(0, 4)}}`, new Uint8Array(8)), /take 4 bytes and it holds 8/],
    'data cut off': [raw(`{"a":${entry(0, 8)}}`, new Uint8Array(4)), /take 8 bytes and it holds 4/],
    'a shape of another size': [
      raw(`{"a":${entry(0, 8, [3])}}`, new Uint8Array(8)),
      /"a".*8 bytes instead of 12/,
    ],
    'a shape that overflows': [
      raw(`{"a":${entry(0, 8, [2 ** 40, 2 ** 40])}}`, new Uint8Array(8)),
      /instead of/,
    ],
    'a negative size': [raw(`{"a":${entry(0, 8, [-1, -2])}}`, new Uint8Array(8)), /"a" has no shape/],
    'a kind that is not known': [
      raw(`{"a":${entry(0, 8, [2], 'I32')}}`, new Uint8Array(8)),
      /"a": expected dtype/,
    ],
    'metadata that is no text': [raw('{"__metadata__":{"a":1}}', new Uint8Array(0)), /__metadata__/],
  };
  for (const [what, [bytes, message]] of Object.entries(bad))
    it(`refuses ${what}, naming the file`, () =>
      expect(() => decodeSafetensors(bytes, 'some.safetensors'))
        .to.throw(CheckpointError, message)
        .with.property('message')
        .that.matches(/^some\.safetensors: [^\n]*$/));
});

describe('a sealed file', () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), 'sealed-'))));
  after(() => rmSync(folder, { recursive: true }));

  it('with one byte flipped is refused, or reads the same', () => {
    const path = join(folder, 'a.safetensors');
    const flipped = join(folder, 'flipped.safetensors');
    let refused = 0;
    fc.assert(
      fc.property(files, fc.nat(), fc.integer({ min: 1, max: 255 }), (file, at, mask) => {
        writeSealed(path, file);
        const bytes = readFileSync(path);
        bytes[at % bytes.length] ^= mask;
        writeFileSync(flipped, bytes);
        try {
          expect(sorted(readSealed(flipped))).to.deep.equal(sorted(readSealed(path)));
        } catch (error) {
          expect(error).to.be.instanceOf(CheckpointError);
          refused++;
        }
      }),
      { numRuns: 500 },
    );
    expect(refused).to.be.greaterThan(400);
  });

  it('that is damaged within a tensor names it, and within its metadata says so', () => {
    const path = join(folder, 'named.safetensors');
    const tensors = new Map(
      ['first', 'second', 'third'].map((name, i) => [
        name,
        { dtype: 'F32' as const, shape: [4], values: Float32Array.of(i, 1, 2, 3) },
      ]),
    );
    writeSealed(path, { tensors, metadata: { note: 'a word' } });
    const bytes = readFileSync(path);
    const damaged = (at: number): string => {
      const copy = Buffer.from(bytes);
      copy[at] ^= 1;
      writeFileSync(path, copy);
      return path;
    };
    expect(() => readSealed(damaged(bytes.length - 20))).to.throw(
      CheckpointError,
      'tensor second does not match',
    );
    expect(() => readSealed(damaged(bytes.indexOf('a word')))).to.throw(
      CheckpointError,
      'its names or metadata do not match',
    );
    writeFileSync(path, bytes);
    expect(readSealed(path).metadata).to.deep.equal({ note: 'a word' });
  });

  it('leaves nothing else in the folder', () => {
    writeSealed(join(folder, 'new', 'b.safetensors'), { tensors: new Map(), metadata: {} });
    expect(readdirSync(join(folder, 'new'))).to.deep.equal(['b.safetensors']);
  });

  it('is refused without a seal, and where there is none', () => {
    const path = join(folder, 'plain.safetensors');
    writeFileSync(path, encodeSafetensors({ tensors: new Map(), metadata: {} }));
    expect(() => readSealed(path)).to.throw(CheckpointError, 'without a seal');
    expect(() => readSealed(join(folder, 'missing'))).to.throw(CheckpointError, 'ENOENT');
  });
});

describe('half precision', () => {
  it('gives back all 2¹⁶ bit patterns but those of NaN', () => {
    for (let bits = 0; bits < 2 ** 16; bits++) {
      const value = fromHalf(bits);
      if (!Number.isNaN(value)) expect(toHalf(value), bits.toString(16)).to.equal(bits);
      else expect(fromHalf(toHalf(value))).to.be.NaN;
    }
  });

  it('rounds to the nearest, ties to even', () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 0x7bfe }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (bits, u) => {
          const [low, high] = [fromHalf(bits), fromHalf(bits + 1)];
          const value = Math.fround(low + u * (high - low));
          const tie = (low + high) / 2;
          const want = value < tie ? bits : value > tie ? bits + 1 : bits + (bits % 2);
          expect(toHalf(value)).to.equal(want);
          expect(toHalf(tie)).to.equal(bits + (bits % 2));
        },
      ),
    ));
});

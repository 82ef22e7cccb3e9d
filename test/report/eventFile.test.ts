import { expect } from 'chai';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventFile } from '../../src/report/index.js';
import { crc32c } from '../../src/report/tensorboard/crc32c.js';

/** CRC-32C bit by bit, as the polynomial is printed: highest power first, bits of bytes and result reversed. */
function bitwise(bytes: Uint8Array): number {
  const reversed = (value: number, bits: number): number =>
    Number.parseInt(value.toString(2).padStart(bits, '0').split('').reverse().join(''), 2);
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc = (crc ^ (reversed(byte, 8) << 24)) >>> 0;
    for (let bit = 0; bit < 8; bit++) crc = ((crc << 1) ^ (crc >= 2 ** 31 ? 0x1edc6f41 : 0)) >>> 0;
  }
  return (reversed(crc, 32) ^ 0xffffffff) >>> 0;
}

/** The records of a TFRecord file, both CRCs of each checked. */
function records(bytes: Buffer): Buffer[] {
  const found: Buffer[] = [];
  const check = (part: Buffer, stored: number): void => {
    const rotated = (stored - 0xa282ead8 + 2 ** 32) % 2 ** 32;
    expect(((rotated << 15) | (rotated >>> 17)) >>> 0).to.equal(bitwise(part));
  };
  for (let at = 0; at < bytes.length;) {
    const end = at + 12 + Number(bytes.readBigUInt64LE(at));
    check(bytes.subarray(at, at + 8), bytes.readUInt32LE(at + 8));
    check(bytes.subarray(at + 12, end), bytes.readUInt32LE(end));
    found.push(bytes.subarray(at + 12, end));
    at = end + 4;
  }
  return found;
}

/** The fields of a protobuf message: numbers of varints, floats and doubles, bytes of the rest. */
function fields(bytes: Buffer): (readonly [field: number, value: number | Buffer])[] {
  const found: (readonly [number, number | Buffer])[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = bytes[at++];
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
  };
  const take = (size: number): Buffer => bytes.subarray(at, (at += size));
  while (at < bytes.length) {
    const key = varint();
    const read: Partial<Record<number, () => number | Buffer>> = {
      0: varint, 1: () => take(8).readDoubleLE(), 2: () => take(varint()), 5: () => take(4).readFloatLE(),
    }; // prettier-ignore
    found.push([key >> 3, read[key & 7]!()]);
  }
  return found;
}

const only = (bytes: Buffer, field: number): number | Buffer => fields(bytes).find(([f]) => f === field)![1];

describe('crc32c', () => {
  it('gives the examples of RFC 3720, appendix B.4', () => {
    const ascending = Uint8Array.from({ length: 32 }, (_, i) => i);
    expect(crc32c(new Uint8Array(32))).to.equal(0x8a9136aa);
    expect(crc32c(new Uint8Array(32).fill(0xff))).to.equal(0x62a8ab43);
    expect(crc32c(ascending)).to.equal(0x46dd794e);
    expect(crc32c(ascending.reverse())).to.equal(0x113fdb5c);
  });
});

describe('EventFile', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'events-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('says its version, where the session starts, and every scalar of every step', () => {
    const file = new EventFile(folder, 41, () => 1_700_000_000_500);
    const scalars = [{ 'train/loss': 0.25, 'größe/β': -1e-7 }, { 'train/loss': 2 ** 40 }]; // prettier-ignore
    file.write(41, scalars[0]);
    file.write(3_000_000_000, scalars[1]);
    const [name] = readdirSync(folder);
    expect(name).to.match(/^events\.out\.tfevents\.1700000000\./);
    const [version, session, ...events] = records(readFileSync(join(folder, name)));
    expect(only(version, 3).toString()).to.equal('brain.Event:2');
    expect([only(session, 2), only(only(session, 7) as Buffer, 1)]).to.deep.equal([41, 1]);
    expect(events.map((event) => only(event, 1))).to.deep.equal([1_700_000_000.5, 1_700_000_000.5]);
    expect(events.map((event) => only(event, 2))).to.deep.equal([41, 3_000_000_000]);
    const read = events.map((event) =>
      fields(only(event, 5) as Buffer).map(([, value]) => [
        only(value as Buffer, 1).toString(),
        only(value as Buffer, 2),
      ]),
    );
    expect(read).to.deep.equal(
      scalars.map((of) => Object.entries(of).map(([tag, value]) => [tag, Math.fround(value)])),
    );
  });
});

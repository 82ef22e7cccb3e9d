/**
 * The structure of a PNG file (W3C PNG, third edition, sections 5 and 11), checked before a decoder sees
 * it. pngjs trusts sizes, does not check ancillary CRCs, and fails on damage with texts that name neither
 * the file nor the fault; after these checks it only ever sees files that it can decode.
 */
import { constants, crc32, inflateSync } from 'node:zlib';
import { InputError } from './errors.js';

/** What the header (IHDR) says. */
export interface PngHeader {
  readonly width: number;
  readonly height: number;
  /** Bits per sample: 1, 2, 4, 8 or 16. */
  readonly depth: number;
  /** 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha. */
  readonly colorType: number;
  readonly interlaced: boolean;
}

/** A file whose structure is right. */
export interface CheckedPng {
  readonly header: PngHeader;
  /** Whether it has a transparency chunk (tRNS). */
  readonly transparency: boolean;
  /** The inflated pixel data: rows with their filter types. */
  readonly scanlines: Buffer;
  /** Up to the end of IEND; what follows is ignored, as in libpng. */
  readonly png: Buffer;
}

/** The largest picture that is read, in pixels: beyond it a small file could claim all memory. */
export const MAX_PIXELS = 64 * 2 ** 20;

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** colour type → samples per pixel and the depths it may have */
const KINDS: Readonly<Partial<Record<number, { samples: number; depths: readonly number[] }>>> = {
  0: { samples: 1, depths: [1, 2, 4, 8, 16] },
  2: { samples: 3, depths: [8, 16] },
  3: { samples: 1, depths: [1, 2, 4, 8] },
  4: { samples: 2, depths: [8, 16] },
  6: { samples: 4, depths: [8, 16] },
};

/**
 * Checks the signature, every chunk's bounds and CRC, the header, the palette and the length of the pixel
 * data (which is inflated with that length as the limit, so that no file can unpack to more).
 *
 * @throws InputError one line: file, what was expected, what arrived, what to do
 */
export function checkPng(path: string, bytes: Buffer): CheckedPng {
  const fail: Fail = (wanted, got, todo = 'export or copy the file again') => {
    throw new InputError(`${path}: expected ${wanted}, got ${got}; ${todo}`);
  };
  if (!bytes.subarray(0, 8).equals(SIGNATURE))
    fail('a PNG file', describeStart(bytes), 'convert it to PNG, for example with ffmpeg');
  let header: PngHeader | undefined;
  let paletteSize = 0;
  let transparency = false;
  const pixelData: Buffer[] = [];
  for (let at = 8; ;) {
    const { type, data, end } = chunkAt(bytes, at, fail);
    if (!header && type !== 'IHDR') fail('a PNG header (IHDR) first', `chunk ${type}`);
    switch (type) {
      case 'IHDR':
        if (header) fail('one PNG header (IHDR)', 'two');
        header = parseHeader(data, fail);
        break;
      case 'PLTE':
        if (paletteSize > 0 || pixelData.length > 0 || data.length % 3 !== 0 || data.length > 768)
          fail('one palette (PLTE) of up to 256 colours before the pixels', 'another');
        paletteSize = data.length / 3;
        break;
      case 'tRNS':
        checkTransparency(header!, data.length, paletteSize, fail);
        transparency = true;
        break;
      case 'IDAT':
        if (header!.colorType === 3 && paletteSize === 0) fail('a palette (PLTE) before the pixels', 'none');
        pixelData.push(data);
        break;
      case 'IEND': {
        const scanlines = inflated(header!, Buffer.concat(pixelData), fail);
        return { header: header!, transparency, scanlines, png: bytes.subarray(0, end) };
      }
      default:
        if ((type.charCodeAt(0) & 0x20) === 0)
          fail('PNG chunks known to this program', `the critical chunk ${type}`, 'convert it to plain PNG');
    }
    at = end;
  }
}

type Fail = (wanted: string, got: string, todo?: string) => never;

function chunkAt(bytes: Buffer, at: number, fail: Fail): { type: string; data: Buffer; end: number } {
  const left = bytes.length - at;
  if (left < 12) fail('another PNG chunk (no IEND yet)', `the end of the file after ${bytes.length} bytes`);
  const length = bytes.readUInt32BE(at);
  const type = bytes.toString('latin1', at + 4, at + 8);
  if (!/^[A-Za-z]{4}$/.test(type)) fail(`a PNG chunk at byte ${at}`, 'damaged bytes');
  if (length + 12 > left)
    fail(`${length + 12} bytes of chunk ${type} at byte ${at}`, `the end of the file after ${left}`);
  const end = at + 12 + length;
  const stored = bytes.readUInt32BE(end - 4);
  const computed = crc32(bytes.subarray(at + 4, end - 4));
  if (stored !== computed)
    fail(`CRC ${hex(stored)} for chunk ${type} at byte ${at}`, `${hex(computed)} (the file is damaged)`);
  return { type, data: bytes.subarray(at + 8, end - 4), end };
}

function parseHeader(data: Buffer, fail: Fail): PngHeader {
  if (data.length !== 13) fail('a PNG header of 13 bytes', `${data.length}`);
  const [width, height] = [data.readUInt32BE(0), data.readUInt32BE(4)];
  const [depth, colorType, compression, filter, interlace] = data.subarray(8);
  if (width === 0 || height === 0) fail('at least one pixel', `${width} x ${height}`);
  if (width * height > MAX_PIXELS)
    fail(`at most ${MAX_PIXELS} pixels`, `${width} x ${height}`, 'scale or cut the picture first');
  if (!KINDS[colorType]?.depths.includes(depth))
    fail('a colour type and depth of PNG', `type ${colorType}, ${depth} bit`);
  if (compression !== 0 || filter !== 0 || interlace > 1)
    fail('compression 0, filter 0, interlace 0 or 1', `${compression}, ${filter}, ${interlace}`);
  return { width, height, depth, colorType, interlaced: interlace === 1 };
}

function checkTransparency({ colorType }: PngHeader, length: number, paletteSize: number, fail: Fail): void {
  const fits = { 0: length === 2, 2: length === 6, 3: length <= paletteSize }[colorType];
  if (!fits) fail('a transparency chunk (tRNS) that fits the colour type', `${length} bytes`);
}

function inflated(header: PngHeader, compressed: Buffer, fail: Fail): Buffer {
  const wanted = pixelBytes(header);
  let scanlines: Buffer;
  try {
    scanlines = inflateSync(compressed, { maxOutputLength: wanted, finishFlush: constants.Z_SYNC_FLUSH });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'no code';
    if (code === 'ERR_BUFFER_TOO_LARGE') fail(`${wanted} bytes of pixels`, 'more');
    return fail(`${wanted} bytes of pixels`, `damaged data (zlib: ${code})`);
  }
  if (scanlines.length !== wanted) fail(`${wanted} bytes of pixels`, `${scanlines.length}`);
  return scanlines;
}

/** Bytes of all scanlines, filter bytes included; seven reduced pictures if interlaced (Adam7). */
function pixelBytes({ width, height, depth, colorType, interlaced }: PngHeader): number {
  const bits = depth * KINDS[colorType]!.samples;
  const size = (w: number, h: number): number => (w > 0 && h > 0 ? h * (1 + Math.ceil((w * bits) / 8)) : 0);
  if (!interlaced) return size(width, height);
  // prettier-ignore
  const passes = [[0, 0, 8, 8], [4, 0, 8, 8], [0, 4, 4, 8], [2, 0, 4, 4], [0, 2, 2, 4], [1, 0, 2, 2], [0, 1, 1, 2]];
  return passes.reduce(
    (sum, [x, y, dx, dy]) => sum + size(Math.ceil((width - x) / dx), Math.ceil((height - y) / dy)),
    0,
  );
}

const hex = (value: number): string => value.toString(16).padStart(8, '0');

/** What a file that is not PNG seems to be. */
function describeStart(bytes: Buffer): string {
  if (bytes.length === 0) return 'an empty file';
  if (SIGNATURE.subarray(0, bytes.length).equals(bytes)) return `a file cut off after ${bytes.length} bytes`;
  const start = bytes.subarray(0, 12);
  const known: readonly (readonly [name: string, mark: string])[] = [
    ['a JPEG file', '\xff\xd8\xff'],
    ['a GIF file', 'GIF8'],
    ['a WebP or other RIFF file', 'RIFF'],
    ['a BMP file', 'BM'],
    ['a TIFF file', 'II*\0'],
  ];
  const found = known.find(([, mark]) => start.toString('latin1').startsWith(mark));
  if (found) return found[0];
  if (/^[\t\n\r -~]+$/.test(start.toString('latin1'))) return `text (${JSON.stringify(start.toString())})`;
  return `the bytes ${start.toString('hex')}`;
}

/** PNG files to and from 8-bit RGB. pngjs decodes what is not plain RGB, and writes; `pngChunks.ts` guards what is read. */
import { randomUUID } from 'node:crypto';
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { PNG } from 'pngjs';
import { InputError } from './errors.js';
import { CHANNELS, type Image } from './image.js';
import { checkPng, type CheckedPng } from './pngChunks.js';
import { rgbPixels } from './pngScanlines.js';

/** Larger files are refused unread: no picture of at most 64 Mpixel needs more. */
const MAX_FILE_BYTES = 2 ** 30;

/**
 * Reads one PNG of any kind as 8-bit RGB.
 *
 * Grey and palette become RGB; 1, 2, 4 and 16 bit are rescaled, round(v · 255 / (2^depth − 1)). Alpha that
 * is opaque everywhere is dropped. Any transparent pixel is an error: the picture then depends on a
 * background that nobody stated. Colour profiles and gamma are ignored: samples are taken as they are.
 *
 * @returns [h, w, 3]
 * @throws InputError if the file is missing, not a PNG, damaged, cut off, larger than 64 Mpixel or transparent
 */
export function readPng(path: string): Image {
  const checked = checkPng(path, readBytes(path));
  const { width, height, depth, colorType, interlaced } = checked.header;
  const plain = colorType === 2 && depth === 8 && !interlaced && !checked.transparency;
  try {
    const data = plain ? rgbPixels(checked.scanlines, width, height) : opaquePixels(path, checked);
    return { width, height, data };
  } catch (error) {
    if (error instanceof InputError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new InputError(
      `${path}: expected PNG pixels that decode, got damaged ones (${why}); export or copy the file again`,
    );
  }
}

/** Of any kind of file, as 8-bit RGB. */
function opaquePixels(path: string, { header, png }: CheckedPng): Uint8Array {
  const { width, height, depth, colorType } = header;
  // skipRescale: pngjs would bring 16 bit down to 8 by itself, and its own text says nothing about it.
  const rgba: ArrayLike<number> = PNG.sync.read(png, { skipRescale: true }).data;
  const max = colorType === 3 ? 255 : 2 ** depth - 1;
  const data = new Uint8Array(width * height * CHANNELS);
  let transparent = 0;
  for (let i = 0, j = 0; j < data.length; i += 4, j += 3) {
    for (let c = 0; c < CHANNELS; c++) data[j + c] = Math.floor((rgba[i + c] * 255) / max + 0.5);
    if (rgba[i + 3] !== max) transparent++;
  }
  if (transparent > 0)
    throw new InputError(
      `${path}: expected an opaque picture, got ${transparent} transparent pixels of ${width * height}; flatten it onto a background first`,
    );
  return data;
}

/**
 * Writes an 8-bit RGB PNG. It appears under its name whole or not at all: the bytes go to a temporary file
 * beside it, which is then renamed.
 *
 * @throws InputError if the folder is missing or cannot be written
 */
export function writePng(path: string, image: Image): void {
  const { width, height } = image;
  const png = new PNG({ width, height, colorType: 2, inputColorType: 2, inputHasAlpha: false });
  png.data = Buffer.from(image.data.buffer, image.data.byteOffset, image.data.byteLength);
  const bytes = PNG.sync.write(png, {
    colorType: 2,
    inputColorType: 2,
    inputHasAlpha: false,
    deflateLevel: 6,
  });
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    writeFileSync(temporary, bytes, { flag: 'wx' });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw new InputError(
      `${path}: expected a place to write a PNG to, got ${codeOf(error)}; check folder and rights`,
    );
  }
}

function readBytes(path: string): Buffer {
  let size: number;
  try {
    const stat = statSync(path);
    if (stat.isDirectory())
      throw new InputError(`${path}: expected a PNG file, got a folder; name a file in it`);
    size = stat.size;
    if (size <= MAX_FILE_BYTES) return readFileSync(path);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(
      `${path}: expected a PNG file, got ${codeOf(error)}; check the path and your rights to read it`,
    );
  }
  throw new InputError(
    `${path}: expected a PNG file of at most 1 GiB, got ${size} bytes; scale or cut the picture first`,
  );
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error);

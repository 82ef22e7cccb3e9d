/** Tar archives, as far as reading a small one goes: regular files with short names. */

const BLOCK = 512;
const CHECKSUM = { start: 148, end: 156 };

const text = (header: Buffer, start: number, length: number): string =>
  header.toString('latin1', start, start + length).replace(/\0.*$/s, '');

const octal = (header: Buffer, start: number, length: number): number =>
  Number.parseInt(text(header, start, length).trim() || '0', 8);

/** The sum of the header's bytes, its own field counted as blanks. */
function checksum(header: Buffer): number {
  let sum = 0;
  for (let i = 0; i < BLOCK; i++) sum += i >= CHECKSUM.start && i < CHECKSUM.end ? 0x20 : header[i];
  return sum;
}

/**
 * The regular files of a tar archive by name. Folders and links are passed over.
 * @throws Error if the archive is damaged, cut short, or uses long names.
 */
export function untar(archive: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (let at = 0; at + BLOCK <= archive.length;) {
    const header = archive.subarray(at, at + BLOCK);
    if (header.every((byte) => byte === 0)) break;
    if (octal(header, CHECKSUM.start, 8) !== checksum(header))
      throw new Error(`tar: bad header at byte ${at}`);
    const name = text(header, 0, 100);
    const size = octal(header, 124, 12);
    const type = String.fromCharCode(header[156]);
    if (type === 'L' || type === 'x') throw new Error(`tar: long names are not read (byte ${at})`);
    const start = at + BLOCK;
    if (start + size > archive.length) throw new Error(`tar: ${name} is cut short`);
    if (type === '0' || type === '\0') files.set(name, archive.subarray(start, start + size));
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
  return files;
}

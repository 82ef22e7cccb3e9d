import { InputError } from '../errors.js';

/** The longest PNG chunk that is waited for: ffmpeg's own are 4 KiB. */
const MAX_CHUNK = 2 ** 26;

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');

/** Bytes of length, type and CRC of a chunk. */
const FRAME = 12;

/**
 * PNG files that follow each other in a stream, one by one, as `ffmpeg -f image2pipe` writes them. Only signatures and
 * lengths and types of chunks are looked at: what is in a file is checked when it is read.
 *
 * @throws InputError if the stream ends within a file, or holds something else
 */
export async function* splitPngStream(
  stream: AsyncIterable<Buffer>,
  about: string,
): AsyncGenerator<Buffer, void, undefined> {
  let bytes: Buffer = Buffer.alloc(0);
  let at = SIGNATURE.length; // of the next chunk
  for await (const chunk of stream) {
    bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk]);
    while (bytes.length >= at + FRAME) {
      const length = bytes.readUInt32BE(at);
      if (length > MAX_CHUNK || !bytes.subarray(0, SIGNATURE.length).equals(SIGNATURE))
        throw new InputError(`${about}: expected PNG frames from ffmpeg, got other bytes; update ffmpeg`);
      const next = at + FRAME + length;
      if (bytes.length < next) break;
      const last = bytes.toString('latin1', at + 4, at + 8) === 'IEND';
      at = next;
      if (last) {
        yield bytes.subarray(0, at);
        bytes = bytes.subarray(at);
        at = SIGNATURE.length;
      }
    }
  }
  if (bytes.length > 0)
    throw new InputError(`${about}: expected whole frames from ffmpeg, got a part of one; try again`);
}

import { expect } from 'chai';
import fc from 'fast-check';
import { InputError } from '../../../src/data/index.js';
import { splitPngStream } from '../../../src/data/video/pngStream.js';
import { chunk, png, SIGNATURE } from '../pngBytes.js';

/** A PNG of one grey pixel, with a text of some length, which may hold what looks like the end of a file. */
const file = (text: number): Buffer =>
  png({ width: 1, height: 1, depth: 8, colorType: 0 }, [0, 7], [chunk('tEXt', Buffer.alloc(text, 'IEND'))]);

/** The bytes in pieces of the given sizes, over and over. */
// eslint-disable-next-line @typescript-eslint/require-await -- a stream is asynchronous
async function* inPieces(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer> {
  for (let at = 0, i = 0; at < bytes.length; at += sizes[i++ % sizes.length])
    yield bytes.subarray(at, at + sizes[i % sizes.length]);
}

async function split(bytes: Buffer, sizes: readonly number[] = [1000]): Promise<Buffer[]> {
  const files: Buffer[] = [];
  for await (const part of splitPngStream(inPieces(bytes, sizes), 'in.mp4')) files.push(Buffer.from(part));
  return files;
}

const failure = (bytes: Buffer): Promise<unknown> => split(bytes).catch((error: unknown) => error);

describe('splitPngStream', () => {
  it('gives file by file what was put together, however it comes', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(60), { maxLength: 5 }),
        fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 4 }),
        async (texts, sizes) => {
          const files = texts.map(file);
          expect(await split(Buffer.concat(files), sizes)).to.deep.equal(files);
        },
      ),
    ));

  it('refuses a stream that ends within a file', async () => {
    const bytes = Buffer.concat([file(3), file(4)]);
    expect(await failure(bytes.subarray(0, -1)))
      .to.be.instanceOf(InputError)
      .with.property('message')
      .that.includes('in.mp4: expected whole frames');
  });

  it('does not wait for chunks that no encoder writes, nor for a signature', async () => {
    for (const bytes of [Buffer.concat([SIGNATURE, Buffer.alloc(64, 255)]), Buffer.alloc(64)])
      expect(await failure(bytes))
        .to.be.instanceOf(InputError)
        .with.property('message')
        .that.includes('got other bytes');
  });
});

import { expect } from 'chai';
import fc from 'fast-check';
import { readdirSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import { PNG } from 'pngjs';
import { InputError, readPng, writePng } from '../../src/data/index.js';
import { noisePicture, picture } from './pictures.js';
import { chunk, header, png, SIGNATURE } from './pngBytes.js';
import { temporaryFolder } from './temporaryFolder.js';

describe('png', () => {
  const { path, put } = temporaryFolder();
  const read = (bytes: string | Buffer): number[] => [...readPng(put('x.png', bytes)).data];
  const refused = (bytes: string | Buffer, ...texts: string[]): void => {
    const file = put('bad.png', bytes);
    const error = (() => {
      try {
        readPng(file);
      } catch (e) {
        return e;
      }
      return undefined;
    })();
    expect(error, 'nothing was thrown').to.be.instanceOf(InputError);
    const { message } = error as InputError;
    expect(message.startsWith(`${file}: expected `), message).to.be.true;
    expect(message).to.include(', got ').and.not.include('\n');
    for (const text of texts) expect(message).to.include(text);
  };

  it('reads what it writes', () =>
    fc.assert(
      fc.property(picture(20), (image) => {
        writePng(path('round.png'), image);
        expect(readPng(path('round.png'))).to.deep.equal(image);
      }),
      { numRuns: 30 },
    ));

  it('leaves no temporary file, and says when it cannot write', () => {
    writePng(path('alone.png'), noisePicture(1, 2, 2));
    expect(readdirSync(path('.')).filter((name) => name.endsWith('.tmp'))).to.deep.equal([]);
    expect(() => writePng(path('none/x.png'), noisePicture(1, 2, 2))).to.throw(InputError, 'ENOENT');
  });

  // prettier-ignore
  const kinds: readonly (readonly [name: string, file: Buffer, pixels: number[]])[] = [
    ['8-bit RGB', png({ width: 2, height: 1, depth: 8, colorType: 2 }, [0, 1, 2, 3, 4, 5, 6]), [1, 2, 3, 4, 5, 6]],
    ['8-bit grey', png({ width: 2, height: 1, depth: 8, colorType: 0 }, [0, 7, 9]), [7, 7, 7, 9, 9, 9]],
    ['1-bit grey', png({ width: 3, height: 1, depth: 1, colorType: 0 }, [0, 0b10100000]), [255, 255, 255, 0, 0, 0, 255, 255, 255]],
    ['4-bit grey', png({ width: 1, height: 1, depth: 4, colorType: 0 }, [0, 0x30]), [51, 51, 51]],
    ['16-bit RGB, rounded', png({ width: 1, height: 1, depth: 16, colorType: 2 }, [0, 0x12, 0xff, 0x80, 0x00, 0xff, 0xff]), [19, 128, 255]],
    ['16-bit grey', png({ width: 1, height: 1, depth: 16, colorType: 0 }, [0, 0x01, 0x7f]), [1, 1, 1]],
    ['palette', png({ width: 2, height: 1, depth: 1, colorType: 3 }, [0, 0b01000000], [chunk('PLTE', Buffer.from([1, 2, 3, 4, 5, 6]))]), [1, 2, 3, 4, 5, 6]],
    ['opaque RGBA', png({ width: 1, height: 1, depth: 8, colorType: 6 }, [0, 1, 2, 3, 255]), [1, 2, 3]],
    ['opaque 16-bit grey and alpha', png({ width: 1, height: 1, depth: 16, colorType: 4 }, [0, 255, 255, 255, 255]), [255, 255, 255]],
    ['transparency that no pixel has', png({ width: 1, height: 1, depth: 8, colorType: 0 }, [0, 5], [chunk('tRNS', Buffer.from([0, 6]))]), [5, 5, 5]],
    ['interlaced', png({ width: 2, height: 2, depth: 8, colorType: 0, interlace: 1 }, [0, 1, 0, 2, 0, 3, 4]), [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]],
    ['bytes after the end', Buffer.concat([png({ width: 1, height: 1, depth: 8, colorType: 0 }, [0, 5]), Buffer.from('more')]), [5, 5, 5]],
  ];
  for (const [name, file, pixels] of kinds)
    it(`reads ${name}`, () => {
      expect(read(file)).to.deep.equal(pixels);
    });

  it('refuses transparency, however it is stored', () => {
    const size = { width: 2, height: 1, depth: 8 };
    refused(png({ ...size, colorType: 6 }, [0, 1, 2, 3, 254, 1, 2, 3, 255]), '1 transparent pixels of 2');
    refused(png({ ...size, colorType: 0 }, [0, 5, 6], [chunk('tRNS', Buffer.from([0, 6]))]), 'flatten');
    refused(png({ ...size, colorType: 2 }, [0, 1, 2, 3, 4, 5, 6], [chunk('tRNS', Buffer.from([0, 4, 0, 5, 0, 6]))]), '1 transparent'); // prettier-ignore
    const palette = [chunk('PLTE', Buffer.from([1, 2, 3])), chunk('tRNS', Buffer.from([0]))];
    refused(png({ ...size, colorType: 3 }, [0, 0, 0], palette), '2 transparent pixels');
  });

  it('says what a file is when it is not PNG', () => {
    refused('hello, world', 'a PNG file', 'text ("hello, world")', 'convert');
    refused('', 'an empty file');
    refused(Buffer.from('ffd8ffe000104a46', 'hex'), 'a JPEG file');
    refused(Buffer.from('0001020304050607', 'hex'), 'the bytes 0001020304050607');
    expect(() => readPng(path('missing.png'))).to.throw(InputError, 'ENOENT');
    expect(() => readPng(path('.'))).to.throw(InputError, 'got a folder');
  });

  const small = PNG.sync.write(
    Object.assign(new PNG({ width: 3, height: 2 }), { data: Buffer.alloc(24, 255) }),
  );

  it('refuses a file cut off anywhere', () => {
    for (let n = 0; n < small.length; n++) refused(small.subarray(0, n));
  });

  it('refuses any flipped bit, or reads the same picture', () => {
    const whole = read(small);
    let survived = 0;
    for (let bit = 0; bit < small.length * 8; bit++) {
      const flipped = Buffer.from(small);
      flipped[bit >> 3] ^= 1 << (bit & 7);
      try {
        expect(read(flipped), `bit ${bit}`).to.deep.equal(whole);
        survived++;
      } catch (error) {
        expect(error, `bit ${bit}`).to.be.instanceOf(InputError);
      }
    }
    expect(survived).to.equal(0); // every bit is under the signature, a length or a CRC
  });

  it('refuses an ancillary chunk with a wrong CRC, which pngjs lets pass', () => {
    const text = chunk('tEXt', Buffer.from('a\0b'));
    text[8] ^= 1;
    refused(
      png({ width: 1, height: 1, depth: 8, colorType: 0 }, [0, 5], [text]),
      'CRC',
      'chunk tEXt at byte 33',
    );
  });

  it('refuses bombs before they unpack', () => {
    const grey = { depth: 8, colorType: 0 };
    refused(png({ width: 2 ** 31 - 1, height: 2 ** 31 - 1, ...grey }, [0]), 'at most 67108864 pixels');
    const zeros = Buffer.alloc(1e7);
    const bomb = [
      SIGNATURE,
      header({ width: 2, height: 2, ...grey, interlace: 1 }),
      chunk('IDAT', deflateSync(zeros)),
      chunk('IEND', Buffer.alloc(0)),
    ];
    refused(Buffer.concat(bomb), 'expected 7 bytes of pixels, got more');
  });

  // prettier-ignore
  const broken: readonly (readonly [name: string, file: Buffer, text: string])[] = [
    ['no pixels at all', png({ width: 0, height: 1, depth: 8, colorType: 0 }, [0]), 'at least one pixel'],
    ['too few pixels', png({ width: 2, height: 2, depth: 8, colorType: 0 }, [0, 1, 2, 0, 3]), 'expected 6 bytes of pixels, got 5'],
    ['too many pixels', png({ width: 1, height: 1, depth: 8, colorType: 0 }, [0, 1, 2]), 'got more'],
    ['an impossible depth', png({ width: 1, height: 1, depth: 4, colorType: 2 }, [0, 1]), 'type 2, 4 bit'],
    ['an unknown filter', png({ width: 1, height: 1, depth: 8, colorType: 0 }, [9, 1]), 'filter'],
    ['an unknown filter of RGB', png({ width: 1, height: 1, depth: 8, colorType: 2 }, [5, 1, 2, 3]), 'damaged ones (no filter type 5)'],
    ['an unknown interlace', png({ width: 1, height: 1, depth: 8, colorType: 0, interlace: 2 }, [0, 1]), 'interlace 0 or 1'],
    ['a missing palette', png({ width: 1, height: 1, depth: 8, colorType: 3 }, [0, 0]), 'palette'],
    ['an index beyond the palette', png({ width: 1, height: 1, depth: 8, colorType: 3 }, [0, 1], [chunk('PLTE', Buffer.alloc(3))]), 'not in palette'],
    ['an odd palette', png({ width: 1, height: 1, depth: 8, colorType: 3 }, [0, 0], [chunk('PLTE', Buffer.alloc(4))]), 'PLTE'],
    ['a short tRNS', png({ width: 1, height: 1, depth: 8, colorType: 2 }, [0, 1, 2, 3], [chunk('tRNS', Buffer.alloc(2))]), 'tRNS'],
    ['a second header', png({ width: 1, height: 1, depth: 8, colorType: 0 }, [0, 1], [header({ width: 9, height: 9, depth: 8, colorType: 0 })]), 'got two'],
    ['an unknown critical chunk', png({ width: 1, height: 1, depth: 8, colorType: 0 }, [0, 1], [chunk('ABCD', Buffer.alloc(0))]), 'critical chunk ABCD'],
    ['no pixel data', Buffer.concat([SIGNATURE, header({ width: 1, height: 1, depth: 8, colorType: 0 }), chunk('IEND', Buffer.alloc(0))]), '2 bytes of pixels'],
    ['damaged zlib data', Buffer.concat([SIGNATURE, header({ width: 1, height: 1, depth: 8, colorType: 0 }), chunk('IDAT', Buffer.from('junk')), chunk('IEND', Buffer.alloc(0))]), 'Z_DATA_ERROR'],
    ['no header', Buffer.concat([SIGNATURE, chunk('IEND', Buffer.alloc(0))]), 'chunk IEND'],
  ];
  for (const [name, file, text] of broken)
    it(`refuses ${name}`, () => {
      refused(file, text);
    });
});

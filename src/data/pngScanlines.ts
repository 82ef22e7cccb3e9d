/**
 * Scanlines of a PNG file to pixels (W3C PNG, third edition, section 9), for the kind of file that clips are made of:
 * 8-bit RGB, not interlaced. pngjs reads every kind, at a fifth of the speed.
 */

/** Bytes of a pixel: from a byte to the one that it corresponds to on the left. */
const PIXEL = 3;

/** Adds its prediction from the bytes on the left and above to each byte of a row. Sums are modulo 256. */
type Unfilter = (row: Uint8Array, above: Uint8Array) => void;

/** By filter type, 0 to 4. Where there is no pixel on the left, its bytes are 0. */
const unfilters: readonly Unfilter[] = [
  function none() {
    // as it is
  },
  function sub(row) {
    for (let i = PIXEL; i < row.length; i++) row[i] += row[i - PIXEL];
  },
  function up(row, above) {
    for (let i = 0; i < row.length; i++) row[i] += above[i];
  },
  function average(row, above) {
    for (let i = 0; i < PIXEL; i++) row[i] += above[i] >> 1;
    for (let i = PIXEL; i < row.length; i++) row[i] += (row[i - PIXEL] + above[i]) >> 1;
  },
  function paeth(row, above) {
    for (let i = 0; i < PIXEL; i++) row[i] += above[i];
    for (let i = PIXEL; i < row.length; i++) {
      const [a, b, c] = [row[i - PIXEL], above[i], above[i - PIXEL]];
      const [pa, pb, pc] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)]; // |a + b − c − ·|
      row[i] += pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
    }
  },
];

/**
 * @param scanlines height rows, each a filter type and 3 · width bytes
 * @returns [height, width, 3]
 * @throws RangeError if there is no such filter type
 */
export function rgbPixels(scanlines: Uint8Array, width: number, height: number): Uint8Array {
  const stride = width * PIXEL;
  const pixels = new Uint8Array(height * stride);
  let above = new Uint8Array(stride);
  for (let y = 0; y < height; y++) {
    const start = y * (1 + stride);
    const type = scanlines[start];
    if (type >= unfilters.length) throw new RangeError(`no filter type ${type}`);
    const row = pixels.subarray(y * stride, (y + 1) * stride);
    row.set(scanlines.subarray(start + 1, start + 1 + stride));
    unfilters[type](row, above);
    above = row;
  }
  return pixels;
}

/** 8-bit pictures on the host, and their planar floating-point form for the networks. */
import ndarray from 'ndarray';

/** An 8-bit RGB picture: `data` is [height, width, 3], interleaved, 0 … 255. */
export interface Image {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Channels of every `Image`. */
export const CHANNELS = 3;

/**
 * Planes in [−1, 1] from bytes: v = x / 127.5 − 1.
 *
 * @param image [h, w, 3]
 * @returns [3, h, w]
 * @throws RangeError if `data` is not h · w · 3 long
 */
export function toPlanar(image: Image): Float32Array {
  checkLength('toPlanar: image.data', image.data, image);
  const { width: w, height: h } = image;
  const bytes = ndarray(image.data, [h, w, CHANNELS]).transpose(2, 0, 1); // [3, h, w]
  const planes = new Float32Array(image.data.length);
  let i = 0;
  for (let c = 0; c < CHANNELS; c++)
    for (let y = 0; y < h; y++) for (let x = 0; x < w; x++) planes[i++] = bytes.get(c, y, x) / 127.5 - 1;
  return planes;
}

/**
 * Bytes from planes in [−1, 1]: x = ⌊(v + 1) · 127.5 + ½⌋, halves up, clipped to 0 … 255. The inverse of
 * `toPlanar` on bytes.
 *
 * @param values [3, height, width]
 * @returns [height, width, 3]
 * @throws RangeError if `values` has another length, or holds NaN (which would otherwise turn black)
 */
export function fromPlanar(values: ArrayLike<number>, width: number, height: number): Image {
  const image = { width, height, data: new Uint8Array(width * height * CHANNELS) };
  checkLength('fromPlanar: values', values, image);
  const bytes = ndarray(image.data, [height, width, CHANNELS]).transpose(2, 0, 1); // [3, h, w]
  let i = 0;
  for (let c = 0; c < CHANNELS; c++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const v = Math.floor((values[i] + 1) * 127.5 + 0.5);
        if (Number.isNaN(v)) throw new RangeError(`fromPlanar: values[${i}] is NaN`);
        bytes.set(c, y, x, Math.min(Math.max(v, 0), 255));
        i++;
      }
  return image;
}

function checkLength(where: string, values: ArrayLike<number>, { width, height }: Image): void {
  const wanted = width * height * CHANNELS;
  if (values.length !== wanted)
    throw new RangeError(
      `${where}: expected ${CHANNELS} · ${height} · ${width} = ${wanted} values, got ${values.length}`,
    );
}

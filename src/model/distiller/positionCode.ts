import { Tensor, type Backend } from '../../tensor/index.js';

/** One key per geometry, under which a backend keeps the code that it was given once. */
const keys = new Map<string, object>();

/**
 * Sines and cosines of a pixel's place [DETR, appendix A.4], for maps of any size: with y and x in 0 … 1 from edge to
 * edge and frequencies of ½, 1, 2, … turns across the map,
 *
 *   code(y, x) = (sin, cos)(2π 2^{i−1} y), …, (sin, cos)(2π 2^{i−1} x), …   0 ≤ i < d/4
 *
 * Frequencies from the sixth on are left out, and their channels 0.
 *
 * @param channels d, a multiple of 4
 * @returns [1, h·w, d]
 */
export function positionCode(backend: Backend, height: number, width: number, channels: number): Tensor {
  if (channels % 4 !== 0)
    throw new RangeError(`positionCode: expected a multiple of 4 channels, got ${channels}`);
  const name = [height, width, channels].join();
  let key = keys.get(name);
  if (!key) keys.set(name, (key = {}));
  const storage = backend.constant(key, () => codes(height, width, channels));
  return new Tensor(backend, [1, height * width, channels], storage);
}

const MOST_FREQUENCIES = 6;

function codes(height: number, width: number, channels: number): Float64Array {
  const waves = (place: number): number[] =>
    Array.from({ length: channels / 4 }, (_, i) => {
      const angle = 2 * Math.PI * 2 ** (i - 1) * place;
      return i < MOST_FREQUENCIES ? [Math.sin(angle), Math.cos(angle)] : [0, 0];
    }).flat();
  const pixels = Array.from({ length: height * width }, (_, p) => [
    ...waves((Math.floor(p / width) + 0.5) / height),
    ...waves(((p % width) + 0.5) / width),
  ]);
  return Float64Array.from(pixels.flat());
}

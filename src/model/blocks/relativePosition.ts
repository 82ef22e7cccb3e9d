import { gather, reshape, type Tensor } from '../../tensor/index.js';

/** What a table of position biases was made for. */
export interface PositionTable {
  /** Height and width of a window, in pixels. */
  readonly window: number;
  /** Frames that a window goes through. */
  readonly frames: number;
}

/**
 * Relative position bias of a window [Swin, section 3.2; PSRT in time as well]: B[head, j, i] = table[head, offset of
 * i from j] of query i and key j.
 *
 * The table holds an entry for each offset (in time, down, to the right) that fits into a window of the configured
 * size and frames, row-major from the most negative one. A smaller window, or a shorter clip, uses the middle of it.
 *
 * @param table [heads, (2 frames − 1)(2 window − 1)²]
 * @param made what the table was made for
 * @param size the size of the window in use, ≤ window
 * @param frames frames in use, ≤ made.frames
 * @returns [heads, frames·size², frames·size²], key and query pixels row-major, frame after frame
 */
export function relativePositionBias(
  table: Tensor,
  made: PositionTable,
  size: number,
  frames: number,
): Tensor {
  const [heads, offsets] = table.shape;
  const rows = reshape(table, [heads * offsets, 1]);
  const pixels = frames * size ** 2;
  return reshape(gather(rows, indicesOf(heads, made, size, frames)), [heads, pixels, pixels]);
}

/** One array per geometry: `gather` keeps it on the device for as long as it lives. */
const known = new Map<string, readonly number[]>();

function indicesOf(heads: number, made: PositionTable, size: number, frames: number): readonly number[] {
  const key = [heads, made.window, made.frames, size, frames].join();
  let indices = known.get(key);
  if (!indices) known.set(key, (indices = tableIndices(heads, made, size, frames)));
  return indices;
}

/** Where B[head, j, i] stands in the table, for all heads, j and i. */
function tableIndices(heads: number, made: PositionTable, size: number, frames: number): number[] {
  const across = 2 * made.window - 1;
  const offsets = (2 * made.frames - 1) * across ** 2;
  const places = Array.from({ length: frames * size ** 2 }, (_, i) => [
    Math.floor(i / size ** 2),
    Math.floor(i / size) % size,
    i % size,
  ]);
  const indices: number[] = [];
  for (let head = 0; head < heads; head++)
    for (const [tj, yj, xj] of places)
      for (const [ti, yi, xi] of places) {
        const dt = ti - tj + made.frames - 1;
        const dy = yi - yj + made.window - 1;
        const dx = xi - xj + made.window - 1;
        indices.push(head * offsets + (dt * across + dy) * across + dx);
      }
  return indices;
}

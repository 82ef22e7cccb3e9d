import { gather, reshape, type Tensor } from '../../tensor/index.js';

/**
 * Relative position bias of a window [Swin, section 3.2]: B[head, i, j] = table[head, offset of i from j].
 *
 * The table holds an entry for each offset that fits into a window of the configured size, row-major from
 * (−(window − 1), −(window − 1)). A smaller window uses the middle of the table.
 *
 * @param table [heads, (2 window − 1)²]
 * @param window the size for which the table was made
 * @param size the size of the window in use, ≤ window
 * @returns [heads, size², size²], query and key pixels of the window row-major
 */
export function relativePositionBias(table: Tensor, window: number, size: number): Tensor {
  const [heads, offsets] = table.shape;
  const rows = reshape(table, [heads * offsets, 1]);
  return reshape(gather(rows, indicesOf(heads, window, size)), [heads, size ** 2, size ** 2]);
}

/** One array per geometry: `gather` keeps it on the device for as long as it lives. */
const known = new Map<string, readonly number[]>();

function indicesOf(heads: number, window: number, size: number): readonly number[] {
  const key = [heads, window, size].join();
  let indices = known.get(key);
  if (!indices) known.set(key, (indices = tableIndices(heads, window, size)));
  return indices;
}

/** Where B[head, i, j] stands in the table, for all heads, i and j. */
function tableIndices(heads: number, window: number, size: number): number[] {
  const across = 2 * window - 1;
  const indices: number[] = [];
  for (let head = 0; head < heads; head++)
    for (let i = 0; i < size ** 2; i++)
      for (let j = 0; j < size ** 2; j++) {
        const dy = Math.floor(i / size) - Math.floor(j / size) + window - 1;
        const dx = (i % size) - (j % size) + window - 1;
        indices.push(head * across ** 2 + dy * across + dx);
      }
  return indices;
}

/** A sparse matrix with the same number of entries in each row: y[k] = Σ_t weights[k, t] x[indices[k, t]]. */
export interface AxisTable {
  readonly rows: number;
  /** Number of columns: how many x there are. */
  readonly length: number;
  /** Entries per row; unused ones have index 0 and weight 0. */
  readonly taps: number;
  /** [rows, taps], each in 0 … length − 1 */
  readonly indices: Int32Array;
  /** [rows, taps] */
  readonly weights: Float64Array;
}

const transposes = new WeakMap<AxisTable, AxisTable>();

/** The transposed matrix. The same object for the same table, so that it is uploaded once. */
export function transposed(table: AxisTable): AxisTable {
  let result = transposes.get(table);
  if (!result) {
    result = transpose(table);
    transposes.set(table, result);
    transposes.set(result, table);
  }
  return result;
}

function transpose({ rows, length, taps, indices, weights }: AxisTable): AxisTable {
  const columns = Array.from({ length }, (): { row: number; weight: number }[] => []);
  indices.forEach((column, i) => {
    if (weights[i] !== 0) columns[column].push({ row: Math.floor(i / taps), weight: weights[i] });
  });
  const most = columns.reduce((n, entries) => Math.max(n, entries.length), 1);
  const result = {
    rows: length,
    length: rows,
    taps: most,
    indices: new Int32Array(length * most),
    weights: new Float64Array(length * most),
  };
  columns.forEach((entries, k) =>
    entries.forEach(({ row, weight }, t) => {
      result.indices[k * most + t] = row;
      result.weights[k * most + t] = weight;
    }),
  );
  return result;
}

/** A table with one entry of weight 1 per row: y[k] = x[indices[k]]. */
export const selection = (length: number, indices: readonly number[]): AxisTable => ({
  rows: indices.length,
  length,
  taps: 1,
  indices: Int32Array.from(indices),
  weights: new Float64Array(indices.length).fill(1),
});

/** Means of blocks of r: y[k] = mean of x[kr] … x[kr + r − 1], the last block as long as the axis lets it be. */
export function averageTable(length: number, r: number): AxisTable {
  const rows = Math.ceil(length / r);
  const indices = new Int32Array(rows * r);
  const weights = new Float64Array(rows * r);
  for (let i = 0; i < length; i++) {
    indices[i] = i;
    weights[i] = 1 / Math.min(r, length - r * Math.floor(i / r));
  }
  return { rows, length, taps: r, indices, weights };
}

/** Index i of an axis of n that is mirrored at its first and last sample: … 2 1 0 1 2 … n−2 n−1 n−2 … */
const mirrored = (i: number, n: number): number => {
  const period = Math.max(1, 2 * (n - 1));
  const m = ((i % period) + period) % period;
  return Math.min(m, period - m);
};

/** Reflection padding without repeating the edge sample: n samples → before + n + after. */
export const reflectTable = (n: number, before: number, after: number): AxisTable =>
  selection(
    n,
    Array.from({ length: before + n + after }, (_, k) => mirrored(k - before, n)),
  );

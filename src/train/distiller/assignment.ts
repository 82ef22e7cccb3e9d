/**
 * The assignment of least total cost: each row gets a column of its own [Kuhn, 1955, "The Hungarian method"]. Rows
 * are added one at a time along a shortest augmenting path, with potentials that keep all reduced costs ≥ 0
 * [Jonker and Volgenant, 1987]; O(rows² columns).
 *
 * @param cost `rows` × `columns`, row-major
 * @returns the column of each row
 * @throws RangeError unless rows ≤ columns, and every cost is finite
 */
export function assign(cost: ArrayLike<number>, rows: number, columns: number): number[] {
  if (rows > columns || cost.length !== rows * columns)
    throw new RangeError(
      `assign: expected a matrix of at most as many rows as columns, got ${rows} × ${columns}, ${cost.length} numbers`,
    );
  for (let i = 0; i < cost.length; i++)
    if (!Number.isFinite(cost[i])) throw new RangeError(`assign: expected finite costs, got ${cost[i]}`);
  const FREE = -1;
  const rowOf = new Array<number>(columns).fill(FREE);
  const rowPotential = new Float64Array(rows);
  const columnPotential = new Float64Array(columns);
  for (let start = 0; start < rows; start++) {
    const distance = new Float64Array(columns).fill(Infinity);
    const cameFrom = new Array<number>(columns).fill(FREE); // the column before, on the shortest path
    const done = new Array<boolean>(columns).fill(false);
    let [row, last, length] = [start, FREE, 0];
    for (;;) {
      let nearest = FREE;
      for (let j = 0; j < columns; j++) {
        if (done[j]) continue;
        const through = length + cost[row * columns + j] - rowPotential[row] - columnPotential[j];
        if (through < distance[j]) {
          distance[j] = through;
          cameFrom[j] = last;
        }
        if (nearest === FREE || distance[j] < distance[nearest]) nearest = j;
      }
      [last, length] = [nearest, distance[nearest]];
      done[nearest] = true;
      if (rowOf[nearest] === FREE) break;
      row = rowOf[nearest];
    }
    rowPotential[start] += length;
    for (let j = 0; j < columns; j++)
      if (done[j] && rowOf[j] !== FREE) {
        rowPotential[rowOf[j]] += length - distance[j];
        columnPotential[j] -= length - distance[j];
      }
    for (let j = last; j !== FREE; j = cameFrom[j])
      rowOf[j] = cameFrom[j] === FREE ? start : rowOf[cameFrom[j]];
  }
  const columnOf = new Array<number>(rows).fill(FREE);
  rowOf.forEach((row, j) => {
    if (row !== FREE) columnOf[row] = j;
  });
  return columnOf;
}

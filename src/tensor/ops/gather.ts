import { selection, type AxisTable } from '../../kernels/axisTable.js';
import { dims } from '../../kernels/shape.js';
import type { Tensor } from '../tensor.js';
import { axisMap } from './axisMap.js';

const tables = new WeakMap<readonly number[], AxisTable>();

/**
 * Rows of a table: x [r, d] → [indices.length, d]. ∂/∂x: each row adds up the g of all places it went to, in
 * their order.
 *
 * @param indices kept on the device for as long as the array lives: make it once, and leave it unchanged
 * @throws RangeError if an index is no row
 */
export function gather(x: Tensor, indices: readonly number[]): Tensor {
  const { r } = dims('gather: x', x.shape, 'r d');
  let table = tables.get(indices);
  if (table?.length !== r) {
    const bad = indices.find((i) => !Number.isInteger(i) || i < 0 || i >= r);
    if (bad !== undefined) throw new RangeError(`gather: expected row indices 0 … ${r - 1}, got ${bad}`);
    table = selection(r, indices);
    tables.set(indices, table);
  }
  return axisMap(x, 0, table);
}

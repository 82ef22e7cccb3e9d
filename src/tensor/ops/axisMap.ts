import { axisMap as kernel } from '../../kernels/axisMap.js';
import { transposed, type AxisTable } from '../../kernels/axisTable.js';
import { ShapeError, sizeOf } from '../../kernels/shape.js';
import { record, run } from '../op.js';
import { Tensor } from '../tensor.js';

/**
 * A sparse matrix along `axis`, applied to each run of `table.length` elements: [.., b·length, ..] →
 * [.., b·rows, ..]. ∂/∂x: the transposed matrix applied to g.
 *
 * @throws ShapeError unless the axis is made of such runs
 */
export function axisMap(x: Tensor, axis: number, table: AxisTable): Tensor {
  if (!(axis in x.shape) || x.shape[axis] % table.length !== 0)
    throw new ShapeError('axisMap', `axis ${axis} in runs of ${table.length}`, x.shape);
  return record('axisMap', [x], mapped(x, axis, table), (g) => [mapped(g, axis, transposed(table))]);
}

function mapped(x: Tensor, axis: number, table: AxisTable): Tensor {
  const { backend } = x;
  const { rows, length, taps, indices, weights } = table;
  const runs = x.shape[axis] / length;
  const inner = sizeOf(x.shape.slice(axis + 1));
  const view = new Tensor(backend, [x.storage.size / (length * inner), length, inner], x.storage);
  const entries = (values: Int32Array | Float64Array): Tensor =>
    new Tensor(
      backend,
      [rows, taps],
      backend.constant(values, () => values),
    );
  const y = run(kernel, [view, entries(indices), entries(weights)], undefined);
  return new Tensor(
    backend,
    x.shape.map((d, i) => (i === axis ? runs * rows : d)),
    y.storage,
  );
}

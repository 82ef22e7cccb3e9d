import { averageTable } from '../../kernels/axisTable.js';
import { memo } from '../memo.js';
import type { Tensor } from '../tensor.js';
import { axisMap } from './axisMap.js';

const table = memo(averageTable);

/**
 * Means over blocks of r × r elements of the last two axes: x [.., h, w] → [.., ⌈h/r⌉, ⌈w/r⌉]. Blocks at the end are
 * cut short where r does not divide. ∂/∂x: g spread evenly over each block.
 *
 * @param r side of a block, at least 1
 */
export function averagePool(x: Tensor, r: number): Tensor {
  const [rows, columns] = [x.shape.length - 2, x.shape.length - 1];
  const tall = axisMap(x, rows, table(x.shape[rows], r));
  return axisMap(tall, columns, table(x.shape[columns], r));
}

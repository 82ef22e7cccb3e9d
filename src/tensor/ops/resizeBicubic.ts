import { resizeTable } from '../../kernels/resizeTable.js';
import { memo } from '../memo.js';
import type { Tensor } from '../tensor.js';
import { axisMap } from './axisMap.js';

const table = memo(resizeTable);

/**
 * Bicubic resizing of the last two axes as MATLAB's `imresize` does it, antialiased when shrinking, without
 * rounding: x [.., h, w] → [.., outHeight, outWidth]. ∂/∂x: the transposed resizing of g.
 *
 * @throws RangeError unless the sizes are positive integers
 */
export function resizeBicubic(x: Tensor, outHeight: number, outWidth: number): Tensor {
  const [rows, columns] = [x.shape.length - 2, x.shape.length - 1];
  const tall = axisMap(x, rows, table(x.shape[rows], outHeight));
  return axisMap(tall, columns, table(x.shape[columns], outWidth));
}

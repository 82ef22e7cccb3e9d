import { reflectTable } from '../../kernels/axisTable.js';
import { memo } from '../memo.js';
import type { Tensor } from '../tensor.js';
import { axisMap } from './axisMap.js';

const table = memo(reflectTable);

/**
 * The axis continued by its mirror image, without repeating the edge sample; again and again where the padding
 * is wider than the axis. ∂/∂x: each g added where its value came from.
 */
export const padReflect = (x: Tensor, axis: number, before: number, after: number): Tensor =>
  axisMap(x, axis, table(x.shape[axis], before, after));

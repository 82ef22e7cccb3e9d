import { topK as kernel } from '../../kernels/topK.js';
import { noVjp, op } from '../op.js';
import type { Tensor } from '../tensor.js';

/**
 * Picks the k greatest of each row, in descending order, the first of equals first: scores [.., q] → a matrix
 * [.., k, q] of ones and zeros, for which matmul(topK(scores, k), v) are the k rows of v with these scores. No vjp:
 * the choice is piecewise constant. Gradients flow through v.
 *
 * @throws ShapeError unless 1 ≤ k ≤ q
 */
export const topK = (scores: Tensor, k: number): Tensor => op(kernel, [scores], { k }, noVjp('topK'));

import { binary } from '../../kernels/binary.js';
import { concat } from '../../kernels/concat.js';
import {
  attentionParts,
  queriesParts,
  windowAttention as kernel,
  windowAttentionKeys,
  windowAttentionQueries,
  type Part,
} from '../../kernels/windowAttention.js';
import type { WindowParams } from '../../kernels/windowGeometry.js';
import { record, run } from '../op.js';
import { Tensor, view } from '../tensor.js';
import { cast } from './cast.js';
import { sumTo } from './reduce.js';

/**
 * Attention of each head between the pixels of each window (formula in kernels/windowAttention.ts). Scores are never
 * stored: what is kept for the gradient is the result and one number per query and head.
 * Like all results of several blocks, they are computed in f32; what is returned is stored as qkv is.
 *
 * ∂/∂qkv, ∂/∂B: see kernels/windowAttention.ts; ∂/∂B is summed over the windows.
 *
 * @param qkv queries, keys and values, c channels each, of frames that were rolled by −shift along both axes:
 *   [n, 3c, h, w], n in whole clips
 * @param bias B [heads, mp, mp], key and query pixel of a window of p pixels through m frames
 * @returns [n, c, h, w]
 * @throws ShapeError
 */
export function windowAttention(qkv: Tensor, bias: Tensor, params: WindowParams): Tensor {
  const inputs = [qkv, bias];
  const { type } = qkv;
  const [exact, logs] = split(run(kernel, inputs, params), attentionParts(qkv.shape, params));
  const y = cast(exact, type);
  return record('windowAttention', inputs, y, (g) => {
    const gy = run(binary.mul, [g, y], undefined);
    const ds = sumOverHead(gy, logs);
    const state = [qkv, bias, logs, ds, g];
    const [queries, biases] = split(
      run(windowAttentionQueries, state, params),
      queriesParts(qkv.shape, params),
    );
    const keysAndValues = run(windowAttentionKeys, state, params);
    return [
      cast(run(concat, [queries, keysAndValues], { axis: 1 }), type),
      cast(sumTo(biases, bias.shape), bias.type),
    ];
  });
}

const split = (flat: Tensor, [first, second]: readonly [Part, Part]): [Tensor, Tensor] => [
  view(flat, first.offset, first.shape),
  view(flat, second.offset, second.shape),
];

/** x [n, c, h, w] summed over the channels of each head, in the shape [n, heads, h, w] of `like`. */
function sumOverHead({ backend, shape, storage }: Tensor, like: Tensor): Tensor {
  const [n, heads, h, w] = like.shape;
  const byHead = new Tensor(backend, [n, heads, shape[1] / heads, h * w], storage);
  return new Tensor(backend, like.shape, sumTo(byHead, [n, heads, 1, h * w]).storage);
}

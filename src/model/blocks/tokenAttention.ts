import { add, dims, matmul, permute, reshape, scale, softmax, type Tensor } from '../../tensor/index.js';
import type { Initialiser } from '../initialiser.js';
import { initLinear, initProjection, initZeroLinear, linear, type LinearParams, project } from './linear.js';

export interface TokenAttentionConfig {
  /** Channels of the tokens that ask, and of the result, c. */
  readonly channels: number;
  /** Channels of the tokens that are asked, e. */
  readonly from: number;
  /** Channels of all heads together, d; a multiple of `heads`. */
  readonly inner: number;
  readonly heads: number;
}

export interface TokenAttentionParams {
  readonly query: LinearParams; // [d, c], [d]
  readonly key: Tensor; // [d, e]
  readonly value: LinearParams; // [d, e], [d]
  readonly out: LinearParams; // [c, d], [c]
}

/** @param zero whether `out` starts at 0, for residual branches that start as the identity */
export const initTokenAttention = (
  { channels: c, from: e, inner: d }: TokenAttentionConfig,
  init: Initialiser,
  zero = false,
): TokenAttentionParams => ({
  query: initLinear(init.at('query'), c, d),
  key: initProjection(init.at('key'), e, d),
  value: initLinear(init.at('value'), e, d),
  out: (zero ? initZeroLinear : initLinear)(init.at('out'), d, c),
});

/**
 * Multi-head attention between two sets of tokens [Vaswani et al. 2017, section 3.2.2], without residual:
 *
 *   Q = X W_Q,   K = O W_K,   V = O W_V,   y = softmax(Q Kᵀ / √(d / heads) + B) V W_out   for each head
 *
 * B is 0 unless given. The order of the asked tokens does not matter.
 */
export class TokenAttention {
  /** @throws ShapeError if the parameters do not fit the configuration; RangeError if heads do not divide d */
  constructor(
    readonly config: TokenAttentionConfig,
    readonly params: TokenAttentionParams,
  ) {
    const { channels: c, from: e, inner: d, heads } = config;
    if (d % heads !== 0) throw new RangeError(`attention: expected heads that divide ${d}, got ${heads}`);
    dims('TokenAttention: query', params.query.weight.shape, 'd c', { d, c });
    dims('TokenAttention: key', params.key.shape, 'd e', { d, e });
    dims('TokenAttention: value', params.value.weight.shape, 'd e', { d, e });
    dims('TokenAttention: out', params.out.weight.shape, 'c d', { c, d });
  }

  /** x [b, q, c], tokens [b, k, e], B of a shape that broadcasts to [b, heads, q, k] → [b, q, c] */
  forward(x: Tensor, tokens: Tensor, bias?: Tensor): Tensor {
    const { channels: c, from: e, inner: d, heads } = this.config;
    const { query, key, value, out } = this.params;
    const { b, q } = dims('TokenAttention: x', x.shape, 'b q c', { c });
    dims('TokenAttention: tokens', tokens.shape, 'b k e', { b, e });
    const asked = toHeads(linear(x, query), heads); // [b, heads, q, d / heads]
    const keys = toHeads(project(tokens, key), heads); // [b, heads, k, d / heads]
    const values = toHeads(linear(tokens, value), heads); // [b, heads, k, d / heads]
    const scores = matmul(scale(Math.sqrt(heads / d), asked), keys, { tb: true }); // [b, heads, q, k]
    const read = matmul(softmax(bias ? add(scores, bias) : scores), values); // [b, heads, q, d / heads]
    return linear(reshape(permute(read, [0, 2, 1, 3]), [b, q, d]), out); // [b, q, c]
  }
}

/** x [b, n, d] → [b, heads, n, d / heads] */
export function toHeads(x: Tensor, heads: number): Tensor {
  const [b, n, d] = x.shape;
  return permute(reshape(x, [b, n, heads, d / heads]), [0, 2, 1, 3]);
}

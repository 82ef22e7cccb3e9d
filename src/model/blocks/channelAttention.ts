import {
  add,
  dims,
  l2Normalize,
  matmul,
  mul,
  reshape,
  slice,
  softmax,
  type Tensor,
} from '../../tensor/index.js';
import type { Initialiser } from '../initialiser.js';
import { headsOf, type AttentionConfig } from './attentionConfig.js';
import { conv, filter, initFilter, initZeroConv, type ConvParams } from './conv.js';
import { channelNorm, initNorm, type NormParams } from './norm.js';

export interface ChannelAttentionParams {
  readonly norm: NormParams; // [c]
  readonly qkv: Tensor; // [3c, c, 1, 1]
  readonly depthwise: Tensor; // [3c, 1, 3, 3]
  readonly temperature: Tensor; // [heads, 1, 1]
  readonly out: ConvParams; // [c, c, 1, 1], [c]
}

/** The temperatures start at 1. `out` starts at 0: the block starts as the identity. */
export function initChannelAttention(config: AttentionConfig, init: Initialiser): ChannelAttentionParams {
  const c = config.channels;
  return {
    norm: initNorm(init, c),
    qkv: initFilter(init.at('qkv'), { from: c, to: 3 * c, size: 1 }),
    depthwise: initFilter(init.at('depthwise'), { from: 3 * c, to: 3 * c, size: 3, groups: 3 * c }),
    temperature: init.constant([headsOf(config), 1, 1], 1),
    out: initZeroConv(init, { from: c, to: c, size: 1 }),
  };
}

/**
 * Self-attention between the channels of a head, transposed attention, residual [Restormer, Eq. 1]:
 *
 *   [Q, K, V] = depthwise(qkv(LN(x))),   Q, K, V ∈ R^{d×hw} for each head
 *   A = softmax(τ Q̂ K̂ᵀ) ∈ R^{d×d},   y = x + out(A V)
 *
 * Q̂ and K̂ have rows of length 1, τ is one learned number per head. The cost is linear in the pixels.
 */
export class ChannelAttention {
  /** @throws ShapeError if the parameters do not fit the configuration; RangeError if heads do not divide c */
  constructor(
    readonly config: AttentionConfig,
    readonly params: ChannelAttentionParams,
  ) {
    const c = config.channels;
    dims('ChannelAttention: qkv', params.qkv.shape, '3c c kh kw', { '3c': 3 * c, c });
    dims('ChannelAttention: depthwise', params.depthwise.shape, '3c 1 kh kw', { '3c': 3 * c, '1': 1 });
    dims('ChannelAttention: temperature', params.temperature.shape, 'heads 1 1', { heads: headsOf(config) });
    dims('ChannelAttention: out', params.out.weight.shape, 'to from kh kw', { to: c, from: c });
  }

  /** x [n, c, h, w] → [n, c, h, w] */
  forward(x: Tensor): Tensor {
    const { channels: c, headChannels: d } = this.config;
    const { norm, qkv, depthwise, temperature, out } = this.params;
    const { n, h, w } = dims('ChannelAttention: x', x.shape, 'n c h w', { c });
    const mixed = filter(filter(channelNorm(x, norm), qkv), depthwise, 3 * c); // [n, 3c, h, w]
    const [q, k, v] = [0, 1, 2].map((i) =>
      reshape(slice(mixed, 1, i * c, (i + 1) * c), [n, c / d, d, h * w]),
    ); // [n, heads, d, hw]
    const scores = mul(matmul(l2Normalize(q), l2Normalize(k), { tb: true }), temperature); // [n, heads, d, d]
    const attended = matmul(softmax(scores), v); // [n, heads, d, hw]
    return add(x, conv(reshape(attended, [n, c, h, w]), out)); // [n, c, h, w]
  }
}

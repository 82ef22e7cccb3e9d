import { dims, matmul, reshape, scale, softmax, type Tensor } from '../../tensor/index.js';
import type { Initialiser } from '../initialiser.js';
import { headsOf, type AttentionConfig } from './attentionConfig.js';
import { conv, initConv, initZeroConv, type ConvParams } from './conv.js';
import { initLinear, initProjection, linear, type LinearParams, project } from './linear.js';
import { channelNorm, initNorm, type NormParams } from './norm.js';
import { toHeads } from './tokenAttention.js';

/** c are the channels of the pixels that ask. */
export interface CrossAttentionConfig extends AttentionConfig {
  /** Channels of the tokens that are asked, e. */
  readonly from: number;
}

export interface CrossAttentionParams {
  readonly norm: NormParams; // [c]
  readonly query: ConvParams; // [c, c, 1, 1], [c]
  readonly key: Tensor; // [c, e]
  readonly value: LinearParams; // [c, e], [c]
  readonly out: ConvParams; // [c, c, 1, 1], [c]
}

/** `out` starts at 0, so that pixels get nothing from the tokens at first. */
export const initCrossAttention = (
  { channels: c, from: e }: CrossAttentionConfig,
  init: Initialiser,
): CrossAttentionParams => ({
  norm: initNorm(init, c),
  query: initConv(init.at('query'), { from: c, to: c, size: 1 }),
  key: initProjection(init.at('key'), e, c),
  value: initLinear(init.at('value'), e, c),
  out: initZeroConv(init, { from: c, to: c, size: 1 }),
});

/** Keys and values of tokens, for all pixels that ask them: [n, heads, k, c / heads] each. */
export interface KeysValues {
  readonly keys: Tensor;
  readonly values: Tensor;
}

/**
 * Multi-head cross-attention from the pixels of a frame to tokens, without residual:
 *
 *   Q = W_Q LN(F),   K = O W_K,   V = O W_V,   CA(F, O) = out(softmax(QᵀK / √d) V)
 *
 * d is the size of a head. The order of the tokens does not matter. K and V do not depend on the pixels, so `ask` makes
 * them once where the same tokens are asked again and again.
 */
export class CrossAttention {
  private readonly heads: number;

  /** @throws ShapeError if the parameters do not fit the configuration; RangeError if heads do not divide c */
  constructor(
    readonly config: CrossAttentionConfig,
    readonly params: CrossAttentionParams,
  ) {
    const { channels: c, from: e } = config;
    this.heads = headsOf(config);
    dims('CrossAttention: query', params.query.weight.shape, 'to from kh kw', { to: c, from: c });
    dims('CrossAttention: key', params.key.shape, 'c e', { c, e });
    dims('CrossAttention: value', params.value.weight.shape, 'c e', { c, e });
    dims('CrossAttention: out', params.out.weight.shape, 'to from kh kw', { to: c, from: c });
  }

  /** tokens O [n, k, e] → K and V */
  ask(tokens: Tensor): KeysValues {
    dims('CrossAttention: tokens', tokens.shape, 'n k e', { e: this.config.from });
    const { key, value } = this.params;
    return {
      keys: toHeads(project(tokens, key), this.heads), // [n, heads, k, d]
      values: toHeads(linear(tokens, value), this.heads), // [n, heads, k, d]
    };
  }

  /** F [n, c, h, w], K and V of the same n → [n, c, h, w] */
  forward(f: Tensor, { keys, values }: KeysValues): Tensor {
    const { channels: c, headChannels: d } = this.config;
    const { norm, query, out } = this.params;
    const { n, h, w } = dims('CrossAttention: f', f.shape, 'n c h w', { c });
    dims('CrossAttention: keys', keys.shape, 'n heads k d', { n, heads: this.heads, d });
    const q = reshape(conv(channelNorm(f, norm), query), [n, this.heads, d, h * w]); // [n, heads, d, hw]
    const scores = matmul(scale(1 / Math.sqrt(d), q), keys, { ta: true, tb: true }); // [n, heads, hw, k]
    const read = matmul(values, softmax(scores), { ta: true, tb: true }); // [n, heads, d, hw]
    return conv(reshape(read, [n, c, h, w]), out); // [n, c, h, w]
  }
}

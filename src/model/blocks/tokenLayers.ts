/**
 * Layers of transformers between tokens [b, n, d], normalised after each residual branch [Vaswani et al. 2017,
 * section 3.1], with ReLU. There is no position code: tokens are a set.
 */
import { add, layerNorm, relu, type Tensor } from '../../tensor/index.js';
import type { Initialiser } from '../initialiser.js';
import { initLinear, linear, type LinearParams } from './linear.js';
import { initNorm, type NormParams } from './norm.js';
import { initTokenAttention, TokenAttention, type TokenAttentionParams } from './tokenAttention.js';

export interface TokenLayerConfig {
  /** Channels of a token, d; a multiple of `heads`. */
  readonly channels: number;
  readonly heads: number;
  /** Channels in the middle of the feed-forward network. */
  readonly hidden: number;
}

/** Two linear maps with ReLU between them. */
export interface TokenFeedForwardParams {
  readonly up: LinearParams; // [hidden, d], [hidden]
  readonly down: LinearParams; // [d, hidden], [d]
}

export const initTokenFeedForward = (
  { channels, hidden }: TokenLayerConfig,
  init: Initialiser,
): TokenFeedForwardParams => ({
  up: initLinear(init.at('up'), channels, hidden),
  down: initLinear(init.at('down'), hidden, channels),
});

/** down(relu(up(x))): x [b, n, d] → [b, n, d] */
export const tokenFeedForward = (x: Tensor, { up, down }: TokenFeedForwardParams): Tensor =>
  linear(relu(linear(x, up)), down);

/** Layer normalisation of each token: x [.., d] → the same shape. */
export const tokenNorm = (x: Tensor, { gamma, beta }: NormParams): Tensor =>
  layerNorm(x, gamma, beta, x.shape.length - 1);

export interface EncoderLayerParams {
  readonly self: TokenAttentionParams;
  readonly selfNorm: NormParams; // [d]
  readonly feedForward: TokenFeedForwardParams;
  readonly feedForwardNorm: NormParams; // [d]
}

export interface DecoderLayerParams extends EncoderLayerParams {
  readonly cross: TokenAttentionParams;
  readonly crossNorm: NormParams; // [d]
}

/** The attention inside these layers: tokens of d channels ask tokens of d channels. */
const attentionOf = ({ channels, heads }: TokenLayerConfig) =>
  ({ channels, from: channels, inner: channels, heads }) as const;

export const initEncoderLayer = (config: TokenLayerConfig, init: Initialiser): EncoderLayerParams => ({
  self: initTokenAttention(attentionOf(config), init.at('self')),
  selfNorm: initNorm(init, config.channels),
  feedForward: initTokenFeedForward(config, init.at('feedForward')),
  feedForwardNorm: initNorm(init, config.channels),
});

export const initDecoderLayer = (config: TokenLayerConfig, init: Initialiser): DecoderLayerParams => ({
  cross: initTokenAttention(attentionOf(config), init.at('cross')),
  crossNorm: initNorm(init, config.channels),
  ...initEncoderLayer(config, init),
});

/**
 *   u = LN(x + SA(x)),   y = LN(u + FFN(u))
 */
export class EncoderLayer {
  private readonly self: TokenAttention;

  /** @throws ShapeError if the parameters do not fit the configuration */
  constructor(
    readonly config: TokenLayerConfig,
    readonly params: EncoderLayerParams,
  ) {
    this.self = new TokenAttention(attentionOf(config), params.self);
  }

  /** x [b, n, d] → [b, n, d] */
  forward(x: Tensor): Tensor {
    const { selfNorm, feedForward, feedForwardNorm } = this.params;
    const u = tokenNorm(add(x, this.self.forward(x, x)), selfNorm);
    return tokenNorm(add(u, tokenFeedForward(u, feedForward)), feedForwardNorm);
  }
}

/**
 *   v = LN(x + CA(x, O)),   then as `EncoderLayer`
 *
 * `bias` is added to the scores of the cross-attention CA, see `TokenAttention`.
 */
export class DecoderLayer {
  private readonly cross: TokenAttention;
  private readonly rest: EncoderLayer;

  /** @throws ShapeError if the parameters do not fit the configuration */
  constructor(
    readonly config: TokenLayerConfig,
    readonly params: DecoderLayerParams,
  ) {
    this.cross = new TokenAttention(attentionOf(config), params.cross);
    this.rest = new EncoderLayer(config, params);
  }

  /** x [b, q, d], tokens O [b, k, d] → [b, q, d] */
  forward(x: Tensor, tokens: Tensor, bias?: Tensor): Tensor {
    return this.rest.forward(tokenNorm(add(x, this.cross.forward(x, tokens, bias)), this.params.crossNorm));
  }
}

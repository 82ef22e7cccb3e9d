import { broadcastTo, dims, reshape, type Tensor } from '../tensor/index.js';
import { initLinear, linear, type LinearParams } from './blocks/linear.js';
import {
  DecoderLayer,
  type DecoderLayerParams,
  EncoderLayer,
  type EncoderLayerParams,
  initDecoderLayer,
  initEncoderLayer,
} from './blocks/tokenLayers.js';
import type { Initialiser } from './initialiser.js';

/** The instance encoder–decoder, and the tokens that it makes. */
export interface InstanceTokensConfig {
  /** Channels of the distiller's tokens O. */
  readonly tokenChannels: number;
  /** Channels of the clip's tokens O_c, d; a multiple of `heads`. */
  readonly channels: number;
  readonly heads: number;
  /** Channels in the middle of the feed-forward networks. */
  readonly hidden: number;
  /** Layers of Enc. */
  readonly encoderLayers: number;
  /** Layers of Dec. */
  readonly decoderLayers: number;
  /** Number of the clip's tokens, q. */
  readonly tokens: number;
}

export interface InstanceTokensParams {
  readonly input: LinearParams; // [d, channels of O], [d]
  readonly queries: Tensor; // Ô: [q, d]
  readonly encoder: readonly EncoderLayerParams[];
  readonly decoder: readonly DecoderLayerParams[];
}

/** Ô ~ N(0, 1): "randomly initialised tokens", of the size that layer normalisation gives tokens. They are learned. */
export const initInstanceTokens = (
  config: InstanceTokensConfig,
  init: Initialiser,
): InstanceTokensParams => ({
  input: initLinear(init.at('input'), config.tokenChannels, config.channels),
  queries: init.at('queries').normal([config.tokens, config.channels], 1),
  encoder: Array.from({ length: config.encoderLayers }, (_, i) =>
    initEncoderLayer(config, init.at('encoder').at(i)),
  ),
  decoder: Array.from({ length: config.decoderLayers }, (_, i) =>
    initDecoderLayer(config, init.at('decoder').at(i)),
  ),
});

/**
 * The instance encoder–decoder: from the semantic tokens of a clip's frames to tokens of the clip [VITA, section 3].
 *
 *   O_c = Dec(Enc(O_1 … O_m), Ô)
 *
 * Enc is self-attention between all m·k tokens of the clip; Dec lets q learned tokens Ô ask them. Neither knows the
 * order of frames or tokens, so O_c does not depend on it.
 *
 * @eq SeeClear (14)
 */
export class InstanceTokens {
  private readonly encoder: readonly EncoderLayer[];
  private readonly decoder: readonly DecoderLayer[];

  /** @throws ShapeError if the parameters do not fit the configuration */
  constructor(
    readonly config: InstanceTokensConfig,
    readonly params: InstanceTokensParams,
  ) {
    const { tokenChannels: o, channels: d, tokens: q } = config;
    dims('InstanceTokens: input', params.input.weight.shape, 'd o', { d, o });
    dims('InstanceTokens: queries', params.queries.shape, 'q d', { q, d });
    this.encoder = params.encoder.map((layer) => new EncoderLayer(config, layer));
    this.decoder = params.decoder.map((layer) => new DecoderLayer(config, layer));
  }

  /**
   * O [b·m, k, channels of O] → O_c [b, q, d]
   *
   * @param frames m, frames of a clip
   */
  forward(tokens: Tensor, frames: number): Tensor {
    const { tokenChannels: o, channels: d, tokens: q } = this.config;
    const { n, k } = dims('InstanceTokens: tokens', tokens.shape, 'n k o', { o });
    const b = n / frames;
    const all = linear(reshape(tokens, [b, frames * k, o]), this.params.input); // [b, mk, d]
    const encoded = this.encoder.reduce((x, layer) => layer.forward(x), all); // [b, mk, d]
    const queries = broadcastTo(this.params.queries, [b, q, d]); // [b, q, d]
    return this.decoder.reduce((x, layer) => layer.forward(x, encoded), queries); // [b, q, d]
  }
}

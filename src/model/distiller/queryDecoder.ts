import {
  add,
  broadcastTo,
  detach,
  dims,
  matmul,
  permute,
  relu,
  reshape,
  scale,
  softplus,
  type Tensor,
} from '../../tensor/index.js';
import { initLinear, linear, type LinearParams } from '../blocks/linear.js';
import {
  DecoderLayer,
  initDecoderLayer,
  type DecoderLayerParams,
  type TokenLayerConfig,
} from '../blocks/tokenLayers.js';
import { waveletSplit } from '../blocks/wavelet.js';
import type { Initialiser } from '../initialiser.js';
import type { SemanticDistillerConfig } from './distillerConfig.js';
import type { PixelFeatures } from './pixelDecoder.js';
import { positionCode } from './positionCode.js';

/** Parameters; q queries, d channels of tokens, c of P, e of text. */
export interface QueryDecoderParams {
  readonly queries: Tensor; // [q, d]
  readonly layers: readonly DecoderLayerParams[]; // three
  readonly text: LinearParams; // [e, d], [e]
  readonly maskHidden: LinearParams; // [d, d], [d]
  readonly mask: LinearParams; // [c, d], [c]
}

/** What the queries say, after a layer or before the first. */
export interface QueryState {
  readonly tokens: Tensor; // [n, q, d]
  readonly embeddings: Tensor; // [n, q, e], in the space of the text
  readonly masks: Tensor; // [n, q, h, w], logits
}

/** One layer for each map of the pyramid. */
const LAYERS = 3;

const layerOf = ({ tokenChannels, heads, hidden }: SemanticDistillerConfig): TokenLayerConfig => ({
  channels: tokenChannels,
  heads,
  hidden,
});

export function initQueryDecoder(config: SemanticDistillerConfig, init: Initialiser): QueryDecoderParams {
  const { queries, tokenChannels: d, features, textChannels } = config;
  return {
    queries: init.at('queries').normal([queries, d], 1),
    layers: Array.from({ length: LAYERS }, (_, i) =>
      initDecoderLayer(layerOf(config), init.at('layers').at(i)),
    ),
    text: initLinear(init.at('text'), d, textChannels),
    maskHidden: initLinear(init.at('maskHidden'), d, d),
    mask: initLinear(init.at('mask'), d, features),
  };
}

/**
 * Queries that look at the features of a frame and at each other, from coarse to fine, each where its own mask was
 * after the layer before [Mask2Former, section 3.2, here with a soft mask]:
 *
 *   X_0 = queries,   M = mask(X) P / √c,   B = log σ(M),   X_l = DecoderLayer_l(X_{l−1}, f_l + position, B)
 */
export class QueryDecoder {
  private readonly layers: readonly DecoderLayer[];

  /** @throws ShapeError if the parameters do not fit the configuration */
  constructor(
    private readonly config: SemanticDistillerConfig,
    private readonly params: QueryDecoderParams,
  ) {
    const { queries: q, tokenChannels: d, features: c, textChannels: e } = config;
    dims('QueryDecoder: queries', params.queries.shape, 'q d', { q, d });
    dims('QueryDecoder: text', params.text.weight.shape, 'e d', { e, d });
    dims('QueryDecoder: mask', params.mask.weight.shape, 'c d', { c, d });
    this.layers = params.layers.map((layer) => new DecoderLayer(layerOf(config), layer));
  }

  /** → the queries before the first layer and after each, four states */
  forward({ pyramid, features }: PixelFeatures): QueryState[] {
    const { queries: q, tokenChannels: d } = this.config;
    const n = features.shape[0];
    let tokens = broadcastTo(reshape(this.params.queries, [1, q, d]), [n, q, d]);
    const states = [this.read(tokens, features)];
    this.layers.forEach((layer, i) => {
      const bias = maskBias(states[i].masks, LAYERS - i);
      tokens = layer.forward(tokens, toTokens(pyramid[i]), bias);
      states.push(this.read(tokens, features));
    });
    return states;
  }

  private read(tokens: Tensor, features: Tensor): QueryState {
    const { text, maskHidden, mask } = this.params;
    const { n, c, h, w } = dims('QueryDecoder: features', features.shape, 'n c h w');
    const filters = linear(relu(linear(tokens, maskHidden)), mask); // [n, q, c]
    const masks = matmul(scale(1 / Math.sqrt(c), filters), reshape(features, [n, c, h * w])); // [n, q, hw]
    return {
      tokens,
      embeddings: linear(tokens, text),
      masks: reshape(masks, [n, this.config.queries, h, w]),
    };
  }
}

/** x [n, d, h, w] → its pixels as tokens that know their place, [n, h·w, d] */
function toTokens(x: Tensor): Tensor {
  const { n, d, h, w } = dims('QueryDecoder: map', x.shape, 'n d h w');
  const pixels = permute(reshape(x, [n, d, h * w]), [0, 2, 1]);
  return add(pixels, positionCode(x.backend, h, w, d));
}

/** log σ of masks [n, q, h, w], averaged over 2^levels × 2^levels pixels; no gradient → [n, 1, q, hw / 4^levels] */
function maskBias(masks: Tensor, levels: number): Tensor {
  let x = detach(masks);
  for (let i = 0; i < levels; i++) x = waveletSplit(x).low;
  const [n, q, h, w] = x.shape;
  return reshape(scale(-1, softplus(scale(-1, x))), [n, 1, q, h * w]);
}

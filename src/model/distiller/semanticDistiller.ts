import {
  concat,
  detach,
  dims,
  exp,
  l2Normalize,
  matmul,
  maxLast,
  mul,
  padReflect,
  permute,
  reshape,
  ShapeError,
  slice,
  topK,
  type Backend,
  type Tensor,
} from '../../tensor/index.js';
import { Initialiser } from '../initialiser.js';
import type { Distillation } from '../semantics.js';
import { Backbone, initBackbone, type BackboneLevelParams } from './backbone.js';
import type { SemanticDistillerConfig } from './distillerConfig.js';
import { initPixelDecoder, PixelDecoder, type PixelDecoderParams } from './pixelDecoder.js';
import { initQueryDecoder, QueryDecoder, type QueryDecoderParams } from './queryDecoder.js';
import { embedPhrases, initTextEncoder, type TextEncoderParams } from './textEncoder.js';

export interface SemanticDistillerParams {
  readonly backbone: readonly BackboneLevelParams[]; // four
  readonly pixelDecoder: PixelDecoderParams;
  readonly queryDecoder: QueryDecoderParams;
  readonly text: TextEncoderParams;
  readonly logitScale: Tensor; // [1]
}

/** Where exp(logit_scale) starts: 1 / 0.07 [CLIP]. */
const FIRST_LOGIT_SCALE = Math.log(1 / 0.07);

/** @param seed an integer, 0 … 2³² − 1; equal seeds give equal parameters on every machine */
export function initSemanticDistiller(
  config: SemanticDistillerConfig,
  backend: Backend,
  seed: number,
): SemanticDistillerParams {
  const init = new Initialiser(backend, seed);
  return {
    backbone: initBackbone(config, init.at('backbone')),
    pixelDecoder: initPixelDecoder(config, init.at('pixelDecoder')),
    queryDecoder: initQueryDecoder(config, init.at('queryDecoder')),
    text: initTextEncoder(config.words.length, config.textChannels, init.at('text')),
    logitScale: init.constant([1], FIRST_LOGIT_SCALE),
  };
}

/** What all queries say after one layer. */
export interface Prediction {
  readonly tokens: Tensor; // [n, q, d]
  readonly scores: Tensor; // [n, q, classes + 1], Sim with each class, and last with `nothing`
  readonly masks: Tensor; // [n, q, h, w], logits
}

/** All of S(I^LR, V), from which (9) chooses. */
export interface AllQueries {
  readonly predictions: readonly Prediction[]; // before the first layer and after each
  readonly features: Tensor; // P [n, c, h, w]
  readonly pixels: Tensor; // [n, hw/4, classes + 1], Sim of every 2 × 2 pixels, for training
}

/** Reductions of the backbone: 1, 1/2, 1/4, 1/8. */
const COARSEST = 8;

/**
 * The Semantic Distiller S at a size of our own: an open-vocabulary, query-based segmentation network after OpenSeeD
 * [Zhang et al. 2023] and Mask2Former [Cheng et al. 2022]. Learned queries look for instances and the ground in the
 * features of a frame; each gets a mask, and an embedding in the space in which the phrases of the vocabulary are.
 *
 * @setting SeeClear (semantic distiller)
 */
export class SemanticDistiller {
  private readonly backbone: Backbone;
  private readonly pixelDecoder: PixelDecoder;
  private readonly queryDecoder: QueryDecoder;

  /** @throws ShapeError if the parameters do not fit the configuration */
  constructor(
    readonly config: SemanticDistillerConfig,
    readonly params: SemanticDistillerParams,
  ) {
    const known = { words: config.words.length, e: config.textChannels };
    dims('SemanticDistiller: words', params.text.words.shape, 'words e', known);
    this.backbone = new Backbone(config, params.backbone);
    this.pixelDecoder = new PixelDecoder(config, params.pixelDecoder);
    this.queryDecoder = new QueryDecoder(config, params.queryDecoder);
  }

  /**
   * Semantics of LR frames: the k queries that are most similar to a phrase of the vocabulary. Nothing is read from
   * the device. The choice passes no gradient on.
   *
   *   O_i, P_i = topk(Sim(F_img, F_txt)),   Sim = exp(logit_scale) cos(F_img, F_txt)
   *
   * A query's similarity is that with its best phrase; of equals the first is kept. P is whole: it has no queries.
   *
   * @param lr [n, 3, h, w] in [−1, 1], h and w multiples of 8
   * @param vocabulary V, phrases of words that the configuration knows; make the array once
   * @eq SeeClear (9)
   * @throws ShapeError, or RangeError for an unknown word
   */
  forward(lr: Tensor, vocabulary: readonly string[]): Distillation {
    const { predictions, features } = this.predict(lr, vocabulary);
    const { tokens, scores, masks } = predictions[predictions.length - 1];
    const { n, q, h, w } = dims('SemanticDistiller: masks', masks.shape, 'n q h w');
    const k = this.config.keep;
    const similar = slice(scores, 2, 0, vocabulary.length); // Sim [n, q, classes]
    const best = maxLast(similar); // [n, q]
    const chosen = topK(detach(best), k); // [n, k, q]
    return {
      tokens: matmul(chosen, tokens), // O [n, k, d]
      features, // P [n, c, h, w]
      similarity: reshape(matmul(chosen, reshape(best, [n, q, 1])), [n, k]),
      scores: matmul(chosen, similar), // [n, k, classes]
      masks: reshape(matmul(chosen, reshape(masks, [n, q, h * w])), [n, k, h, w]),
    };
  }

  /**
   * All queries, after every layer, and the features: what training needs and (9) chooses from.
   *
   *   F_img, F_txt = S(I^LR, V)
   *
   * @eq SeeClear (8)
   * @throws as `forward` does
   */
  predict(lr: Tensor, vocabulary: readonly string[]): AllQueries {
    const { h, w } = dims('SemanticDistiller: lr', lr.shape, 'n c h w', { c: 3 });
    if (h % COARSEST !== 0 || w % COARSEST !== 0)
      throw new ShapeError('SemanticDistiller: lr', `h and w in multiples of ${COARSEST}`, lr.shape);
    const text = this.textOf(vocabulary); // [classes + 1, e]
    const maps = this.pixelDecoder.forward(this.backbone.forward(this.padded(lr)));
    const predictions = this.queryDecoder.forward(maps).map(({ tokens, embeddings, masks }) => ({
      tokens,
      scores: this.similarity(embeddings, text),
      masks: cropped(masks, h, w),
    }));
    const { n, e } = dims('SemanticDistiller: embeddings', maps.embeddings.shape, 'n e h w');
    const pixels = reshape(cropped(maps.embeddings, h / 2, w / 2), [n, e, (h * w) / 4]);
    return {
      predictions,
      features: cropped(maps.features, h, w),
      pixels: this.similarity(permute(pixels, [0, 2, 1]), text),
    };
  }

  /** Sim = exp(logit_scale) cos: embeddings [n, .., e] and text [classes, e] → [n, .., classes] */
  private similarity(embeddings: Tensor, text: Tensor): Tensor {
    return mul(matmul(l2Normalize(embeddings), text, { tb: true }), exp(this.params.logitScale));
  }

  /** F_txt, and the embedding of nothing after it: [classes + 1, e]. */
  private textOf(vocabulary: readonly string[]): Tensor {
    const { words, nothing } = this.params.text;
    return concat(0, embedPhrases(words, this.config.words, vocabulary), l2Normalize(nothing));
  }

  /** The frames mirrored on, at the bottom and on the right, to sides that windows cut evenly at every level. */
  private padded(lr: Tensor): Tensor {
    const [, , h, w] = lr.shape;
    const [down, across] = [this.legal(h) - h, this.legal(w) - w];
    return down + across === 0 ? lr : padReflect(padReflect(lr, 2, 0, down), 3, 0, across);
  }

  /** The least legal side that is not shorter: 8 times a power of two below a window, or times whole windows. */
  private legal(side: number): number {
    const coarsest = side / COARSEST;
    const unit = Math.min(this.config.window, 2 ** Math.ceil(Math.log2(coarsest)));
    return COARSEST * unit * Math.ceil(coarsest / unit);
  }
}

/** The first h rows and w columns of x [n, c, .., ..]. */
const cropped = (x: Tensor, h: number, w: number): Tensor =>
  x.shape[2] === h && x.shape[3] === w ? x : slice(slice(x, 2, 0, h), 3, 0, w);

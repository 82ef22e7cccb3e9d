/**
 * The Channel-wise Texture Aggregation Memory, CaTeGory (section 3.3): pairs of channel-wise semantics C and textures
 * T. Clips ask it by their tokens' channels, and leave it changed for the clips after them.
 *
 * The shapes of (17) and (19) close only if there are as many groups as a clip has tokens, q (docs/deviations.md, I21):
 * C ∈ R^{q×q}, T ∈ R^{q×e}, O_c ∈ R^{q×d}.
 */
import {
  add,
  averagePool,
  broadcastTo,
  concat,
  dims,
  matmul,
  permute,
  reshape,
  softmax,
  type Tensor,
} from '../tensor/index.js';
import { conv, initConv, type ConvParams } from './blocks/conv.js';
import {
  CrossAttention,
  initCrossAttention,
  type CrossAttentionParams,
  type KeysValues,
} from './blocks/crossAttention.js';
import { initNorm, type NormParams } from './blocks/norm.js';
import { initTokenAttention, TokenAttention, type TokenAttentionParams } from './blocks/tokenAttention.js';
import {
  initTokenFeedForward,
  tokenFeedForward,
  type TokenFeedForwardParams,
  tokenNorm,
} from './blocks/tokenLayers.js';
import type { CategoryConfig } from './categoryConfig.js';
import type { Initialiser } from './initialiser.js';

/** What is handed from clip to clip. Both are trees of tensors. */
export interface Memory {
  /** C: [q, q] */
  readonly semantics: Tensor;
  /** T: [b, q, e], one for each clip; b = 1 as learned, for all clips alike. */
  readonly textures: Tensor;
}

export interface CategoryParams {
  readonly semantics: Tensor; // C̄: [q, q]
  readonly textures: Tensor; // T̄: [q, e]
  readonly features: readonly ConvParams[]; // for each decoder layer [e, c, 1, 1], [e]
  readonly featureNorm: NormParams; // [e]
  readonly crossNorm: NormParams; // [e]
  readonly cross: TokenAttentionParams;
  readonly selfNorm: NormParams; // [e]
  readonly self: TokenAttentionParams;
  readonly feedForwardNorm: NormParams; // [e]
  readonly feedForward: TokenFeedForwardParams;
  readonly queries: readonly CrossAttentionParams[]; // for each decoder layer
}

const attentionOf = ({ channels, heads }: CategoryConfig) =>
  ({ channels, from: channels, inner: channels, heads }) as const;

export function initCategory(config: CategoryConfig, init: Initialiser): CategoryParams {
  const { tokens: q, channels: e, layers, headChannels, initial } = config;
  const first = (key: string, shape: readonly number[]): Tensor =>
    initial === 'zero' ? init.constant(shape, 0) : init.at(key).normal(shape, 0.02);
  return {
    semantics: first('semantics', [q, q]),
    textures: first('textures', [q, e]),
    features: layers.map((c, k) => initConv(init.at('features').at(k), { from: c, to: e, size: 1 })),
    featureNorm: initNorm(init, e),
    crossNorm: initNorm(init, e),
    cross: initTokenAttention(attentionOf(config), init.at('cross')),
    selfNorm: initNorm(init, e),
    self: initTokenAttention(attentionOf(config), init.at('self')),
    feedForwardNorm: initNorm(init, e),
    feedForward: initTokenFeedForward(config, init.at('feedForward')),
    queries: layers.map((c, k) =>
      initCrossAttention({ channels: c, from: e, headChannels }, init.at('queries').at(k)),
    ),
  };
}

/**
 * Textures with channel-wise semantics embedded, as positions are embedded in attention:
 *
 *   T̂ = C̄ T̄
 *
 * @param C [q, q] @param T [b, q, e]
 * @returns T̂ [b, q, e]
 * @eq SeeClear (17)
 */
export const embedTextures = (C: Tensor, T: Tensor): Tensor => matmul(C, T);

/**
 * How like the channels of a clip's tokens are to the groups of the memory:
 *
 *   A = softmax(O_cᵀ C),   over the groups
 *
 * @param Oc O_c [b, q, d] @param C [q, q]
 * @returns A [b, d, q]
 * @eq SeeClear (19)
 */
export const channelSimilarity = (Oc: Tensor, C: Tensor): Tensor => softmax(matmul(Oc, C, { ta: true }));

/** CaTeGory; see above. */
export class Category {
  private readonly cross: TokenAttention;
  private readonly self: TokenAttention;
  private readonly queries: readonly CrossAttention[];

  /** @throws ShapeError if the parameters do not fit the configuration */
  constructor(
    readonly config: CategoryConfig,
    readonly params: CategoryParams,
  ) {
    const { tokens: q, channels: e, layers, headChannels } = config;
    dims('Category: semantics', params.semantics.shape, 'q groups', { q, groups: q });
    dims('Category: textures', params.textures.shape, 'q e', { q, e });
    layers.forEach((c, k) =>
      dims(`Category: features.${k}`, params.features[k].weight.shape, 'e c kh kw', { e, c }),
    );
    this.cross = new TokenAttention(attentionOf(config), params.cross);
    this.self = new TokenAttention(attentionOf(config), params.self);
    this.queries = layers.map(
      (c, k) => new CrossAttention({ channels: c, from: e, headChannels }, params.queries[k]),
    );
  }

  /** (C̄, T̄) as learned: what the first clip of a video asks. */
  learned(): Memory {
    const { semantics, textures } = this.params;
    return { semantics, textures: reshape(textures, [1, ...textures.shape]) };
  }

  /**
   * The memory after a clip, from the memory before and the features of the four decoder layers. The textures ask the
   * features, then each other, each with normalisation before and a residual, and a feed-forward network after:
   *
   *   (C, T) = M(C̄, T̄, {F̄_k})   (16)
   *   T = SA(CA(T̂, {F̄_k}))   (18)
   *
   * C stays as it was learned.
   *
   * @param features F̄_k [b·m, c_k, h_k, w_k]
   * @param frames m, frames of a clip
   * @eq SeeClear (16)
   * @eq SeeClear (18)
   */
  construct({ semantics, textures }: Memory, features: readonly Tensor[], frames: number): Memory {
    const { crossNorm, selfNorm, feedForwardNorm, feedForward } = this.params;
    const b = features[0].shape[0] / frames;
    const { q, e } = dims('Category: textures', textures.shape, '1b q e');
    const before = embedTextures(semantics, broadcastTo(textures, [b, q, e])); // T̂ [b, q, e]
    const tokens = this.pyramid(features, frames); // [b, n, e]
    const u = add(before, this.cross.forward(tokenNorm(before, crossNorm), tokens)); // [b, q, e]
    const normed = tokenNorm(u, selfNorm);
    const v = add(u, this.self.forward(normed, normed)); // [b, q, e]
    return { semantics, textures: add(v, tokenFeedForward(tokenNorm(v, feedForwardNorm), feedForward)) };
  }

  /** What clips ask of the memory: K and V of A T for each decoder layer. O_c [b, q, d] */
  ask({ semantics, textures }: Memory, clip: Tensor, frames: number): KeysValues[] {
    const { b, d } = dims('Category: clip', clip.shape, 'b q d', { q: this.config.tokens });
    const { q, e } = dims('Category: textures', textures.shape, '1b q e');
    const similarity = channelSimilarity(clip, semantics); // A [b, d, q]
    const found = matmul(similarity, broadcastTo(textures, [b, q, e])); // A T [b, d, e]
    const all = reshape(broadcastTo(reshape(found, [b, 1, d, e]), [b, frames, d, e]), [b * frames, d, e]);
    return this.queries.map((query) => query.ask(all));
  }

  /**
   * Features refined by what was found in the memory, at decoder layer `k`:
   *
   *   F̃_i = CA(F̄_i, A T) + F̄_i
   *
   * @param f F̄ [b·m, c_k, h, w]
   * @eq SeeClear (20)
   */
  refine(f: Tensor, asked: KeysValues, k: number): Tensor {
    return add(this.queries[k].forward(f, asked), f);
  }

  /** The pyramid of features as tokens of their clip: [b, m·Σ h'w', e], h', w' ≤ side. */
  private pyramid(features: readonly Tensor[], frames: number): Tensor {
    const { channels: e, side } = this.config;
    const levels = features.map((f, k) => {
      const { n, h, w } = dims(`Category: features of layer ${k}`, f.shape, 'n c h w');
      const pooled = conv(averagePool(f, Math.ceil(Math.max(h, w) / side)), this.params.features[k]);
      const pixels = pooled.shape[2] * pooled.shape[3];
      const byFrame = reshape(pooled, [n / frames, frames, e, pixels]);
      return reshape(permute(byFrame, [0, 1, 3, 2]), [n / frames, frames * pixels, e]);
    });
    const [first, ...rest] = levels;
    return tokenNorm(concat(1, first, ...rest), this.params.featureNorm);
  }
}

/**
 * The Instance-Centric Alignment Module, InCAM, in one layer of the Pixel Condenser (section 3.2): the segmentation
 * features P of a frame modulate its pixels, its tokens O embed their semantics, and the clip's tokens O_c say which
 * pixels belong together across frames, for the multi-frame self-attention that follows (`WindowAttention`).
 */
import {
  add,
  broadcastTo,
  dims,
  matmul,
  maxLast,
  mul,
  relu,
  reshape,
  resizeBicubic,
  scale,
  sigmoid,
  slice,
  type Tensor,
} from '../tensor/index.js';
import { conv, filter, initConv, initFilter, initZeroConv, type ConvParams } from './blocks/conv.js';
import {
  CrossAttention,
  initCrossAttention,
  type CrossAttentionConfig,
  type CrossAttentionParams,
  type KeysValues,
} from './blocks/crossAttention.js';
import type { Initialiser } from './initialiser.js';
import type { Semantics } from './semantics.js';

export interface InCamConfig {
  /** Channels of the layer, c. */
  readonly channels: number;
  /** Channels of one attention head; divides c. */
  readonly headChannels: number;
  /** Channels of P. */
  readonly featureChannels: number;
  /** Channels between the two convolutions of G, g. */
  readonly modulationChannels: number;
  /** Channels of a token of O. */
  readonly tokenChannels: number;
  /** Channels of a token of O_c, d. */
  readonly clipChannels: number;
  /** Whether O_c opens the gate of (15): false leaves intra-frame semantics only. */
  readonly gated: boolean;
}

export interface InCamParams {
  readonly features: ConvParams; // G's first convolution: [g, channels of P, 3, 3], [g]
  readonly modulation: ConvParams; // its second: [2c, g, 3, 3], [2c]
  readonly cross: CrossAttentionParams;
  /** Only where `gated`. */
  readonly relevance?: Tensor; // [d, c, 1, 1]
}

/** What a layer takes from the semantics of a clip: the same for all timesteps. */
export interface InCamContext {
  readonly gamma: Tensor; // γ: [n, c, h, w]
  readonly beta: Tensor; // β: [n, c, h, w]
  readonly asked: KeysValues; // K and V of O
}

export interface InCamOutput {
  readonly modulated: Tensor; // F: [n, c, h, w]
  readonly embedded: Tensor; // F̂: [n, c, h, w]
  /** Only where the configuration is gated. */
  readonly gate?: Tensor; // g: [n, 1, h, w]
}

const crossConfig = ({ channels, headChannels, tokenChannels }: InCamConfig): CrossAttentionConfig => ({
  channels,
  headChannels,
  from: tokenChannels,
});

/** γ, β and the cross-attention start at 0: features pass unchanged. */
export const initInCam = (config: InCamConfig, init: Initialiser): InCamParams => ({
  features: initConv(init.at('features'), {
    from: config.featureChannels,
    to: config.modulationChannels,
    size: 3,
  }),
  modulation: initZeroConv(init, { from: config.modulationChannels, to: 2 * config.channels, size: 3 }),
  cross: initCrossAttention(crossConfig(config), init.at('cross')),
  ...(config.gated
    ? {
        relevance: initFilter(init.at('relevance'), {
          from: config.channels,
          to: config.clipChannels,
          size: 1,
        }),
      }
    : {}),
});

/**
 * Scale and bias for modulation from the segmentation features, G of two convolutions with ReLU between them:
 *
 *   (γ, β) = G(P) = conv(relu(conv(P)))
 *
 * @param p P, at the size of the layer, [n, channels of P, h, w]
 * @returns γ, β [n, c, h, w] each
 * @eq SeeClear (10)
 */
export function modulation(
  p: Tensor,
  { features, modulation }: Pick<InCamParams, 'features' | 'modulation'>,
): { gamma: Tensor; beta: Tensor } {
  const both = conv(relu(conv(p, features)), modulation); // [n, 2c, h, w]
  const c = both.shape[1] / 2;
  return { gamma: slice(both, 1, 0, c), beta: slice(both, 1, c, 2 * c) };
}

/**
 * Features modulated by the semantics of their own frame:
 *
 *   F_i = (f_i ⊙ γ + β) + f_i
 *
 * All of one shape [n, c, h, w].
 *
 * @eq SeeClear (11)
 */
export const modulated = (f: Tensor, gamma: Tensor, beta: Tensor): Tensor => add(add(mul(f, gamma), beta), f);

/**
 * How relevant each pixel is to the instances of its clip, akin to class activation maps:
 *
 *   S = (W F̂_i)ᵀ O_cᵀ / √d,   g = max over tokens of σ(S)
 *
 * This is the O_c · F̂_i of (15) as we read it (docs/deviations.md, I19); the multi-frame self-attention takes
 * LN(F̂_i) ⊙ (1 + g).
 *
 * @param embedded F̂ [b·m, c, h, w]
 * @param clip O_c [b, q, d]
 * @param relevance W [d, c, 1, 1]
 * @returns g [b·m, 1, h, w] in (0, 1)
 * @eq SeeClear (15)
 */
export function relevanceGate(embedded: Tensor, clip: Tensor, relevance: Tensor): Tensor {
  const { n, h, w } = dims('relevanceGate: embedded', embedded.shape, 'n c h w');
  const { b, q, d } = dims('relevanceGate: clip', clip.shape, 'b q d');
  const m = n / b;
  const pixels = reshape(filter(embedded, relevance), [b, m, d, h * w]); // [b, m, d, hw]
  const tokens = broadcastTo(reshape(clip, [b, 1, q, d]), [b, m, q, d]); // [b, m, q, d]
  const scores = matmul(scale(1 / Math.sqrt(d), pixels), tokens, { ta: true, tb: true }); // [b, m, hw, q]
  return reshape(sigmoid(maxLast(scores)), [n, 1, h, w]); // σ rises, so it and max change places
}

/** InCAM of one layer; see above. */
export class InCam {
  private readonly cross: CrossAttention;

  /** @throws ShapeError if the parameters do not fit the configuration */
  constructor(
    readonly config: InCamConfig,
    readonly params: InCamParams,
  ) {
    const { channels: c, featureChannels: p, modulationChannels: g, clipChannels: d, gated } = config;
    dims('InCam: features', params.features.weight.shape, 'g p kh kw', { g, p });
    dims('InCam: modulation', params.modulation.weight.shape, '2c g kh kw', { '2c': 2 * c, g });
    if (gated) dims('InCam: relevance', params.relevance?.shape ?? [], 'd c kh kw', { d, c });
    this.cross = new CrossAttention(crossConfig(config), params.cross);
  }

  /** What `forward` needs of the semantics, for maps of height × width. P is resized to them. */
  context({ tokens, features }: Semantics, height: number, width: number): InCamContext {
    const { gamma, beta } = modulation(resizeBicubic(features, height, width), this.params); // lines 26, 34
    return { gamma, beta, asked: this.cross.ask(tokens) };
  }

  /**
   * f [n, c, h, w] → F̂ [n, c, h, w], and the gate g [n, 1, h, w] where there is one. Semantics are embedded by
   * cross-attention to the tokens of the pixel's own frame, to which we add F_i (docs/deviations.md, I18):
   *
   *   Q_i = LN(F_i) W_Q,   K_i = O_i W_K,   V_i = O_i W_V   (12)
   *   F̂_i = softmax(Q_i K_iᵀ / √d) V_i + F_i   (13)
   *
   * @param clip O_c [b, q, d]; needed where the configuration is gated
   * @eq SeeClear (12)
   * @eq SeeClear (13)
   */
  forward(f: Tensor, { gamma, beta, asked }: InCamContext, clip?: Tensor): InCamOutput {
    const told = modulated(f, gamma, beta); // lines 27, 35 of Algorithm 1
    const embedded = add(this.cross.forward(told, asked), told); // lines 28, 36
    const { relevance } = this.params;
    if (!this.config.gated || !relevance) return { modulated: told, embedded };
    if (!clip) throw new Error('InCam: expected the tokens of the clip, got none');
    return { modulated: told, embedded, gate: relevanceGate(embedded, clip, relevance) };
  }
}

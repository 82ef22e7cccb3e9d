import { dims, gelu, type Tensor } from '../../tensor/index.js';
import { conv, initConv, type ConvParams } from '../blocks/conv.js';
import { FeedForward, initFeedForward, type FeedForwardParams } from '../blocks/feedForward.js';
import { channelNorm, initNorm, type NormParams } from '../blocks/norm.js';
import { initWaveletDownsample, waveletDownsample } from '../blocks/wavelet.js';
import {
  initWindowAttention,
  WindowAttention,
  type WindowAttentionConfig,
  type WindowAttentionParams,
} from '../blocks/windowAttention.js';
import type { Initialiser } from '../initialiser.js';
import type { SemanticDistillerConfig } from './distillerConfig.js';

/** One pair of attention and feed-forward network. */
export interface BackboneBlockParams {
  readonly attention: WindowAttentionParams;
  readonly feedForward: FeedForwardParams;
}

/** Parameters of one level; c channels, `from` those of the level before. */
export interface BackboneLevelParams {
  readonly down: ConvParams; // [c, 4 from, 3, 3], [c]; at the first level a plain convolution, [c, 3, 3, 3], [c]
  readonly blocks: readonly BackboneBlockParams[];
  readonly norm: NormParams; // [c]
}

/** Channels of a frame. */
const RGB = 3;

const attentionOf = (
  config: SemanticDistillerConfig,
  level: number,
  block: number,
): WindowAttentionConfig => ({
  channels: config.channels[level],
  headChannels: config.headChannels,
  window: config.window,
  shifted: block % 2 === 1,
  frames: 1,
});

const feedForwardOf = ({ channels, feedForwardRatio }: SemanticDistillerConfig, level: number) => ({
  channels: channels[level],
  hidden: Math.round(feedForwardRatio * channels[level]),
});

export const initBackbone = (config: SemanticDistillerConfig, init: Initialiser): BackboneLevelParams[] =>
  config.channels.map((c, level) => {
    const at = init.at(level);
    return {
      down:
        level === 0
          ? initConv(at.at('down'), { from: RGB, to: c, size: 3 })
          : initWaveletDownsample(config.channels[level - 1], c, at.at('down')),
      blocks: Array.from({ length: config.blocks[level] }, (_, block) => ({
        attention: initWindowAttention(attentionOf(config, level, block), at.at('attention').at(block)),
        feedForward: initFeedForward(feedForwardOf(config, level), at.at('feedForward').at(block)),
      })),
      norm: initNorm(at, c),
    };
  });

/**
 * Features of a frame at four sizes [after Swin]: window attention and feed-forward networks, and between the levels
 * a Haar transform, whose bands of 2 × 2 pixels a convolution merges. The first level is a convolution and GELU before
 * all else.
 */
export class Backbone {
  private readonly blocks: readonly (readonly [WindowAttention, FeedForward])[][];

  /** @throws ShapeError if the parameters do not fit the configuration */
  constructor(
    config: SemanticDistillerConfig,
    private readonly params: readonly BackboneLevelParams[],
  ) {
    config.channels.forEach((c, level) => {
      const from = level === 0 ? RGB : 4 * config.channels[level - 1];
      dims(`Backbone: down ${level}`, params[level].down.weight.shape, 'c from kh kw', { c, from });
    });
    this.blocks = params.map(({ blocks }, level) =>
      blocks.map(({ attention, feedForward }, block) => [
        new WindowAttention(attentionOf(config, level, block), attention),
        new FeedForward(feedForwardOf(config, level), feedForward),
      ]),
    );
  }

  /** x [n, 3, h, w] → normalised features [n, c1, h, w], [n, c2, h/2, w/2], [n, c3, h/4, w/4], [n, c4, h/8, w/8] */
  forward(x: Tensor): Tensor[] {
    let f = x;
    return this.params.map(({ down, norm }, level) => {
      f = level === 0 ? gelu(conv(f, down)) : waveletDownsample(f, down);
      for (const [attention, feedForward] of this.blocks[level])
        f = feedForward.forward(attention.forward(f));
      return channelNorm(f, norm);
    });
  }
}

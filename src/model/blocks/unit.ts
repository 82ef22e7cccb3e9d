import type { Tensor } from '../../tensor/index.js';
import type { Initialiser } from '../initialiser.js';
import { ChannelAttention, initChannelAttention, type ChannelAttentionParams } from './channelAttention.js';
import {
  FeedForward,
  initFeedForward,
  type FeedForwardConfig,
  type FeedForwardParams,
} from './feedForward.js';
import { GatedFeedForward, initGatedFeedForward, type GatedFeedForwardParams } from './gatedFeedForward.js';
import { initResBlock, ResBlock, type ResBlockConfig, type ResBlockParams } from './resBlock.js';
import {
  initWindowAttention,
  WindowAttention,
  type WindowAttentionConfig,
  type WindowAttentionParams,
} from './windowAttention.js';

/** What all units of a network share. */
export interface UnitSettings {
  /** Size of the time embedding; even. */
  readonly timeChannels: number;
  /** Groups of the group normalisations; divides the channels of every layer. */
  readonly groups: number;
  /** Channels of one attention head; divides the channels of every layer. */
  readonly headChannels: number;
  /** Height and width of an attention window, in pixels of the layer. */
  readonly window: number;
  /** Hidden channels of the feed-forward network after window attention, as a multiple. */
  readonly feedForwardRatio: number;
  /** Hidden channels of the gated feed-forward network after channel attention, as a multiple; rounded. */
  readonly gatedRatio: number;
}

export interface UnitConfig extends UnitSettings {
  /** Channels in. */
  readonly from: number;
  /** Channels out. */
  readonly to: number;
  /** Whether the attention windows are shifted. */
  readonly shifted: boolean;
}

export interface UnitParams {
  readonly first: ResBlockParams;
  readonly spatial: WindowAttentionParams;
  readonly spatialFeedForward: FeedForwardParams;
  readonly second: ResBlockParams;
  readonly channel: ChannelAttentionParams;
  readonly channelFeedForward: GatedFeedForwardParams;
}

/** The configurations of a unit's parts. */
function partsOf(config: UnitConfig): {
  first: ResBlockConfig;
  spatial: WindowAttentionConfig;
  feedForward: FeedForwardConfig;
  second: ResBlockConfig;
  gated: FeedForwardConfig;
} {
  const { to, feedForwardRatio, gatedRatio } = config;
  return {
    first: config,
    spatial: { ...config, channels: to },
    feedForward: { channels: to, hidden: Math.round(feedForwardRatio * to) },
    second: { ...config, from: to },
    gated: { channels: to, hidden: Math.round(gatedRatio * to) },
  };
}

export function initUnit(config: UnitConfig, init: Initialiser): UnitParams {
  const { first, spatial, feedForward, second, gated } = partsOf(config);
  return {
    first: initResBlock(first, init.at('first')),
    spatial: initWindowAttention(spatial, init.at('spatial')),
    spatialFeedForward: initFeedForward(feedForward, init.at('spatialFeedForward')),
    second: initResBlock(second, init.at('second')),
    channel: initChannelAttention(spatial, init.at('channel')),
    channelFeedForward: initGatedFeedForward(gated, init.at('channelFeedForward')),
  };
}

/**
 * One layer of the Pixel Condenser (Appendix C): spatial and channel self-attention, each after a residual
 * block and before a feed-forward network.
 *
 *   ResBlock(t) → window attention → FFN → ResBlock(t) → channel attention → gated FFN
 */
export class Unit {
  private readonly first: ResBlock;
  private readonly spatial: WindowAttention;
  private readonly spatialFeedForward: FeedForward;
  private readonly second: ResBlock;
  private readonly channel: ChannelAttention;
  private readonly channelFeedForward: GatedFeedForward;

  /** @throws ShapeError if the parameters do not fit the configuration */
  constructor(
    readonly config: UnitConfig,
    readonly params: UnitParams,
  ) {
    const { first, spatial, feedForward, second, gated } = partsOf(config);
    this.first = new ResBlock(first, params.first);
    this.spatial = new WindowAttention(spatial, params.spatial);
    this.spatialFeedForward = new FeedForward(feedForward, params.spatialFeedForward);
    this.second = new ResBlock(second, params.second);
    this.channel = new ChannelAttention(spatial, params.channel);
    this.channelFeedForward = new GatedFeedForward(gated, params.channelFeedForward);
  }

  /** x [n, from, h, w], time [n, e, 1, 1] → [n, to, h, w] */
  forward(x: Tensor, time: Tensor): Tensor {
    const attended = this.spatial.forward(this.first.forward(x, time)); // [n, to, h, w]
    const refined = this.second.forward(this.spatialFeedForward.forward(attended), time); // [n, to, h, w]
    return this.channelFeedForward.forward(this.channel.forward(refined)); // [n, to, h, w]
  }
}

import type { Tensor } from '../../tensor/index.js';
import {
  InCam,
  initInCam,
  type InCamConfig,
  type InCamContext,
  type InCamOutput,
  type InCamParams,
} from '../incam.js';
import type { Initialiser } from '../initialiser.js';
import type { Semantics } from '../semantics.js';
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
  /** Whether there is any attention; residual blocks alone otherwise. */
  readonly attention: boolean;
  /** Most frames that a window goes through: 1 for attention within a frame. */
  readonly frames: number;
  /** What InCAM needs to know besides; a unit without it has no semantics. */
  readonly semantics?: Omit<InCamConfig, 'channels' | 'headChannels'>;
}

/** The attentions are only there where the configuration has them. */
export interface UnitParams extends Partial<UnitAttentionParams> {
  readonly first: ResBlockParams;
  readonly second: ResBlockParams;
  /** Only where there are semantics. */
  readonly incam?: InCamParams;
}

/** The attentions of a unit, each with its feed-forward network. */
export interface UnitAttentionParams {
  readonly spatial: WindowAttentionParams;
  readonly spatialFeedForward: FeedForwardParams;
  readonly channel: ChannelAttentionParams;
  readonly channelFeedForward: GatedFeedForwardParams;
}

/** What a unit is told besides the timestep. */
export interface UnitInput {
  /** Frames of a clip, m, in a batch of whole clips. */
  readonly frames: number;
  /** What its InCAM takes from the semantics; needed where it has one. */
  readonly semantics?: InCamContext;
  /** Tokens of the clips, O_c [b, q, d]; needed where its InCAM is gated. */
  readonly clip?: Tensor;
  /** Is shown what InCAM makes. */
  readonly observe?: (made: InCamOutput) => void;
}

/** The configurations of a unit's parts. */
function partsOf(config: UnitConfig): {
  first: ResBlockConfig;
  incam?: InCamConfig;
  spatial: WindowAttentionConfig;
  feedForward: FeedForwardConfig;
  second: ResBlockConfig;
  gated: FeedForwardConfig;
} {
  const { to, headChannels, semantics, feedForwardRatio, gatedRatio } = config;
  return {
    first: config,
    ...(semantics ? { incam: { ...semantics, channels: to, headChannels } } : {}),
    spatial: { ...config, channels: to },
    feedForward: { channels: to, hidden: Math.round(feedForwardRatio * to) },
    second: { ...config, from: to },
    gated: { channels: to, hidden: Math.round(gatedRatio * to) },
  };
}

export function initUnit(config: UnitConfig, init: Initialiser): UnitParams {
  const { first, incam, spatial, feedForward, second, gated } = partsOf(config);
  const attention = (): UnitAttentionParams => ({
    spatial: initWindowAttention(spatial, init.at('spatial')),
    spatialFeedForward: initFeedForward(feedForward, init.at('spatialFeedForward')),
    channel: initChannelAttention(spatial, init.at('channel')),
    channelFeedForward: initGatedFeedForward(gated, init.at('channelFeedForward')),
  });
  return {
    first: initResBlock(first, init.at('first')),
    second: initResBlock(second, init.at('second')),
    ...(incam ? { incam: initInCam(incam, init.at('incam')) } : {}),
    ...(config.attention ? attention() : {}),
  };
}

/** The attentions of a unit. */
interface Attentions {
  readonly spatial: WindowAttention;
  readonly spatialFeedForward: FeedForward;
  readonly channel: ChannelAttention;
  readonly channelFeedForward: GatedFeedForward;
}

/**
 * One layer of the Pixel Condenser (Appendix C): spatial and channel self-attention, each after a residual
 * block and before a feed-forward network. In the middle and in the decoder InCAM stands before the spatial
 * attention, which then goes through all frames of a clip (docs/deviations.md, I17).
 *
 *   ResBlock(t) → [InCAM →] window attention → FFN → ResBlock(t) → channel attention → gated FFN
 */
export class Unit {
  private readonly first: ResBlock;
  private readonly second: ResBlock;
  private readonly incam?: InCam;
  private readonly attentions?: Attentions;

  /** @throws ShapeError if the parameters do not fit the configuration */
  constructor(
    readonly config: UnitConfig,
    readonly params: UnitParams,
  ) {
    const { first, incam, spatial, feedForward, second, gated } = partsOf(config);
    this.first = new ResBlock(first, params.first);
    this.second = new ResBlock(second, params.second);
    if (incam) this.incam = new InCam(incam, present(params.incam, 'incam'));
    if (config.attention)
      this.attentions = {
        spatial: new WindowAttention(spatial, present(params.spatial, 'spatial')),
        spatialFeedForward: new FeedForward(
          feedForward,
          present(params.spatialFeedForward, 'spatialFeedForward'),
        ),
        channel: new ChannelAttention(spatial, present(params.channel, 'channel')),
        channelFeedForward: new GatedFeedForward(
          gated,
          present(params.channelFeedForward, 'channelFeedForward'),
        ),
      };
  }

  /** What `forward` needs of the semantics of frames, for maps of height × width. */
  context(semantics: Semantics, height: number, width: number): InCamContext | undefined {
    return this.incam?.context(semantics, height, width);
  }

  /** x [n, from, h, w], time [n, e, 1, 1] → [n, to, h, w] */
  forward(x: Tensor, time: Tensor, { frames, semantics, clip, observe }: UnitInput = { frames: 1 }): Tensor {
    const features = this.first.forward(x, time); // [n, to, h, w]
    let told: Pick<InCamOutput, 'embedded' | 'gate'> = { embedded: features };
    if (this.incam) {
      if (!semantics) throw new Error('Unit: expected semantics, got none');
      const made = this.incam.forward(features, semantics, clip); // [n, to, h, w]
      observe?.(made);
      told = made;
    }
    const { embedded, gate } = told;
    if (!this.attentions) return this.second.forward(embedded, time);
    const { spatial, spatialFeedForward, channel, channelFeedForward } = this.attentions;
    const through = this.config.frames === 1 ? 1 : frames;
    const attended = spatial.forward(embedded, through, gate); // [n, to, h, w]
    const refined = this.second.forward(spatialFeedForward.forward(attended), time); // [n, to, h, w]
    return channelFeedForward.forward(channel.forward(refined)); // [n, to, h, w]
  }
}

function present<T>(part: T | undefined, name: string): T {
  if (part === undefined) throw new Error(`Unit: expected parameters of ${name}, got none`);
  return part;
}

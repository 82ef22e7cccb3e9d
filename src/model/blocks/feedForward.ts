import { add, dims, gelu, type Tensor } from '../../tensor/index.js';
import type { Initialiser } from '../initialiser.js';
import { conv, initConv, initZeroConv, type ConvParams } from './conv.js';
import { channelNorm, initNorm, type NormParams } from './norm.js';

export interface FeedForwardConfig {
  /** Channels in and out, c. */
  readonly channels: number;
  /** Channels in between, m. */
  readonly hidden: number;
}

export interface FeedForwardParams {
  readonly norm: NormParams; // [c]
  readonly up: ConvParams; // [m, c, 1, 1], [m]
  readonly down: ConvParams; // [c, m, 1, 1], [c]
}

/** `down` starts at 0: the block starts as the identity. */
export const initFeedForward = (
  { channels, hidden }: FeedForwardConfig,
  init: Initialiser,
): FeedForwardParams => ({
  norm: initNorm(init, channels),
  up: initConv(init.at('up'), { from: channels, to: hidden, size: 1 }),
  down: initZeroConv(init, { from: hidden, to: channels, size: 1 }),
});

/**
 * Residual feed-forward block of each pixel [Vaswani et al. 2017, in the pre-norm form]:
 *
 *   y = x + down(gelu(up(LN(x))))
 */
export class FeedForward {
  /** @throws ShapeError if the parameters do not fit the configuration */
  constructor(
    readonly config: FeedForwardConfig,
    readonly params: FeedForwardParams,
  ) {
    const { channels: c, hidden: m } = config;
    dims('FeedForward: up', params.up.weight.shape, 'm c kh kw', { m, c });
    dims('FeedForward: down', params.down.weight.shape, 'c m kh kw', { c, m });
  }

  /** x [n, c, h, w] → [n, c, h, w] */
  forward(x: Tensor): Tensor {
    dims('FeedForward: x', x.shape, 'n c h w', { c: this.config.channels });
    const { norm, up, down } = this.params;
    const hidden = gelu(conv(channelNorm(x, norm), up)); // [n, m, h, w]
    return add(x, conv(hidden, down)); // [n, c, h, w]
  }
}

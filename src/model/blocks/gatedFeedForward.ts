import { add, dims, gelu, mul, slice, type Tensor } from '../../tensor/index.js';
import type { Initialiser } from '../initialiser.js';
import { conv, filter, initFilter, initZeroConv, type ConvParams } from './conv.js';
import type { FeedForwardConfig } from './feedForward.js';
import { channelNorm, initNorm, type NormParams } from './norm.js';

export interface GatedFeedForwardParams {
  readonly norm: NormParams; // [c]
  readonly up: Tensor; // [2m, c, 1, 1]
  readonly depthwise: Tensor; // [2m, 1, 3, 3]
  readonly down: ConvParams; // [c, m, 1, 1], [c]
}

/** `down` starts at 0: the block starts as the identity. */
export const initGatedFeedForward = (
  { channels, hidden }: FeedForwardConfig,
  init: Initialiser,
): GatedFeedForwardParams => ({
  norm: initNorm(init, channels),
  up: initFilter(init.at('up'), { from: channels, to: 2 * hidden, size: 1 }),
  depthwise: initFilter(init.at('depthwise'), {
    from: 2 * hidden,
    to: 2 * hidden,
    size: 3,
    groups: 2 * hidden,
  }),
  down: initZeroConv(init, { from: hidden, to: channels, size: 1 }),
});

/**
 * Gated depthwise feed-forward network, residual [Restormer, Eq. 2]:
 *
 *   [a, b] = depthwise(up(LN(x))),   y = x + down(gelu(a) ⊙ b)
 */
export class GatedFeedForward {
  /** @throws ShapeError if the parameters do not fit the configuration */
  constructor(
    readonly config: FeedForwardConfig,
    readonly params: GatedFeedForwardParams,
  ) {
    const { channels: c, hidden: m } = config;
    dims('GatedFeedForward: up', params.up.shape, '2m c kh kw', { '2m': 2 * m, c });
    dims('GatedFeedForward: depthwise', params.depthwise.shape, '2m 1 kh kw', { '2m': 2 * m, '1': 1 });
    dims('GatedFeedForward: down', params.down.weight.shape, 'c m kh kw', { c, m });
  }

  /** x [n, c, h, w] → [n, c, h, w] */
  forward(x: Tensor): Tensor {
    const { channels: c, hidden: m } = this.config;
    const { norm, up, depthwise, down } = this.params;
    dims('GatedFeedForward: x', x.shape, 'n c h w', { c });
    const both = filter(filter(channelNorm(x, norm), up), depthwise, 2 * m); // [n, 2m, h, w]
    const gated = mul(gelu(slice(both, 1, 0, m)), slice(both, 1, m, 2 * m)); // [n, m, h, w]
    return add(x, conv(gated, down)); // [n, c, h, w]
  }
}

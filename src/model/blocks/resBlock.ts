import { add, dims, groupNorm, groupNormSilu, mul, silu, type Tensor } from '../../tensor/index.js';
import type { Initialiser } from '../initialiser.js';
import { conv, initConv, initZeroConv, type ConvParams } from './conv.js';
import { initNorm, type NormParams } from './norm.js';

export interface ResBlockConfig {
  /** Channels in, c. */
  readonly from: number;
  /** Channels out, o. */
  readonly to: number;
  /** Size of the time embedding, e. */
  readonly timeChannels: number;
  /** Groups of the group normalisations; divides `from` and `to`. */
  readonly groups: number;
}

export interface ResBlockParams {
  readonly norm1: NormParams; // [c]
  readonly conv1: ConvParams; // [o, c, 3, 3], [o]
  readonly scale: ConvParams; // [o, e, 1, 1], [o]
  readonly shift: ConvParams; // [o, e, 1, 1], [o]
  readonly norm2: NormParams; // [o]
  readonly conv2: ConvParams; // [o, o, 3, 3], [o]
  /** Only where c ≠ o. */
  readonly skip?: ConvParams; // [o, c, 1, 1], [o]
}

/** The bias of `scale` starts at 1, and stands for the 1 of "1 + scale". `conv2` starts at 0. */
export function initResBlock({ from, to, timeChannels }: ResBlockConfig, init: Initialiser): ResBlockParams {
  const modulation = { from: timeChannels, to, size: 1 } as const;
  return {
    norm1: initNorm(init, from),
    conv1: initConv(init.at('conv1'), { from, to, size: 3 }),
    scale: initConv(init.at('scale'), modulation, 1),
    shift: initConv(init.at('shift'), modulation),
    norm2: initNorm(init, to),
    conv2: initZeroConv(init, { from: to, to, size: 3 }),
    ...(from === to ? {} : { skip: initConv(init.at('skip'), { from, to, size: 1 }) }),
  };
}

/**
 * Residual block that is told the timestep [Dhariwal and Nichol 2021]:
 *
 *   u = conv1(silu(GN(x)))
 *   y = skip(x) + conv2(silu(GN(u) ⊙ scale(e) + shift(e)))
 *
 * GN is group normalisation, e the time embedding, skip the identity or, if c ≠ o, a 1×1 convolution.
 */
export class ResBlock {
  /** @throws ShapeError if the parameters do not fit the configuration */
  constructor(
    readonly config: ResBlockConfig,
    readonly params: ResBlockParams,
  ) {
    const { from, to, timeChannels } = config;
    dims('ResBlock: conv1', params.conv1.weight.shape, 'to from kh kw', { to, from });
    dims('ResBlock: scale', params.scale.weight.shape, 'to e kh kw', { to, e: timeChannels });
    dims('ResBlock: shift', params.shift.weight.shape, 'to e kh kw', { to, e: timeChannels });
    dims('ResBlock: conv2', params.conv2.weight.shape, 'to from kh kw', { to, from: to });
    if (from !== to) dims('ResBlock: skip', params.skip?.weight.shape ?? [], 'to from kh kw', { to, from });
  }

  /** x [n, c, h, w], time [n, e, 1, 1] → [n, o, h, w] */
  forward(x: Tensor, time: Tensor): Tensor {
    const { from, timeChannels, groups } = this.config;
    const { norm1, conv1, scale, shift, norm2, conv2, skip } = this.params;
    const { n } = dims('ResBlock: x', x.shape, 'n c h w', { c: from });
    dims('ResBlock: time', time.shape, 'n e h w', { n, e: timeChannels, h: 1, w: 1 });
    const u = conv(groupNormSilu(x, norm1.gamma, norm1.beta, groups), conv1); // [n, o, h, w]
    const normed = groupNorm(u, norm2.gamma, norm2.beta, groups); // [n, o, h, w]
    const told = add(mul(normed, conv(time, scale)), conv(time, shift)); // [n, o, h, w]
    return add(skip ? conv(x, skip) : x, conv(silu(told), conv2)); // [n, o, h, w]
  }
}

import { add, affine, dims, mul, roll, windowAttention, type Tensor } from '../../tensor/index.js';
import type { Initialiser } from '../initialiser.js';
import { headsOf, type AttentionConfig } from './attentionConfig.js';
import { conv, filter, initFilter, initZeroConv, type ConvParams } from './conv.js';
import { channelNorm, initNorm, type NormParams } from './norm.js';
import { relativePositionBias } from './relativePosition.js';

export interface WindowAttentionConfig extends AttentionConfig {
  /** Height and width of a window, in pixels. */
  readonly window: number;
  /** Whether the windows are moved by half their size, so that their borders fall elsewhere. */
  readonly shifted: boolean;
  /** Most frames that a window goes through, m; 1 for attention within a frame. */
  readonly frames: number;
}

export interface WindowAttentionParams {
  readonly norm: NormParams; // [c]
  readonly qkv: Tensor; // [3c, c, 1, 1]
  readonly position: Tensor; // [heads, (2m − 1)(2 window − 1)²]
  readonly out: ConvParams; // [c, c, 1, 1], [c]
}

/** Position biases N(0, 0.02²) as in Swin. `out` starts at 0: the block starts as the identity. */
export function initWindowAttention(config: WindowAttentionConfig, init: Initialiser): WindowAttentionParams {
  const { channels: c } = config;
  return {
    norm: initNorm(init, c),
    qkv: initFilter(init.at('qkv'), { from: c, to: 3 * c, size: 1 }),
    position: init.at('position').normal([headsOf(config), offsetsOf(config)], 0.02),
    out: initZeroConv(init, { from: c, to: c, size: 1 }),
  };
}

/** Offsets between two pixels of a window: in time, down and to the right. */
const offsetsOf = ({ window, frames }: WindowAttentionConfig): number =>
  (2 * frames - 1) * (2 * window - 1) ** 2;

/**
 * Self-attention between the pixels of a window, residual [Swin, Eq. 4]. With more than one frame it is the
 * multi-frame self-attention MFSA of (15) [PSRT, section 3.3]: the pixels of the same window in all m frames of a clip
 * form one sequence.
 *
 *   [Q, K, V] = qkv(LN(x) ⊙ (1 + g)),   A = softmax(QᵀK / √d + B),   y = x + out(V Aᵀ)
 *
 * Q, K, V ∈ R^{d×mp} for each head and window of p pixels; B is the relative position bias in space and time, with
 * the mask of shifted windows; there is no shift in time. g is a weight for each pixel, 0 if left out; it comes after
 * the normalisation, which would undo it. qkv has no bias: β of LN makes one, but for K, where softmax would cancel
 * it.
 *
 * A map that is smaller than a window in height or width is cut into windows of that smaller size; shifting
 * needs more than one window along both axes, and is left out otherwise.
 *
 * @eq SeeClear (15)
 */
export class WindowAttention {
  private readonly heads: number;

  /** @throws ShapeError if the parameters do not fit the configuration; RangeError if heads do not divide c */
  constructor(
    readonly config: WindowAttentionConfig,
    readonly params: WindowAttentionParams,
  ) {
    const { channels: c } = config;
    this.heads = headsOf(config);
    const known = { heads: this.heads, offsets: offsetsOf(config) };
    dims('WindowAttention: qkv', params.qkv.shape, '3c c kh kw', { '3c': 3 * c, c });
    dims('WindowAttention: position', params.position.shape, 'heads offsets', known);
    dims('WindowAttention: out', params.out.weight.shape, 'to from kh kw', { to: c, from: c });
  }

  /**
   * x [b·m, c, h, w] → [b·m, c, h, w]
   *
   * @param frames m, frames of a clip, at most the configuration's
   * @param gate g, [b·m, 1, h, w]
   * @throws ShapeError unless min(window, h, w) divides h and w; RangeError for too many frames
   */
  forward(x: Tensor, frames = 1, gate?: Tensor): Tensor {
    const { channels: c, window, shifted, frames: most } = this.config;
    const { norm, qkv, out } = this.params;
    if (frames > most)
      throw new RangeError(`WindowAttention: expected at most ${most} frames of a clip, got ${frames}`);
    const { h, w } = dims('WindowAttention: x', x.shape, 'n c h w', { c });
    const size = Math.min(window, h, w);
    const shift = shifted && Math.min(h, w) > window ? Math.floor(window / 2) : 0;
    const normed = channelNorm(x, norm); // [n, c, h, w]
    const gated = gate ? mul(normed, affine(1, [1, gate])) : normed; // [n, c, h, w]
    const position = relativePositionBias(this.params.position, this.config, size, frames); // [heads, mp, mp]
    const cut = { heads: this.heads, size, shift, frames };
    const attended = windowAttention(filter(rolled(gated, -shift), qkv), position, cut); // [n, c, h, w]
    return add(x, conv(rolled(attended, shift), out)); // [n, c, h, w]
  }
}

/** x [n, c, h, w] moved cyclically by `shift` pixels down and to the right. */
const rolled = (x: Tensor, shift: number): Tensor => (shift === 0 ? x : roll(x, [2, 3], shift));

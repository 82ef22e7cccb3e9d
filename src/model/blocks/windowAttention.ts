import {
  add,
  dims,
  matmul,
  reshape,
  roll,
  scale,
  slice,
  softmax,
  windowPartition,
  windowReverse,
  type Tensor,
} from '../../tensor/index.js';
import type { Initialiser } from '../initialiser.js';
import { headsOf, type AttentionConfig } from './attentionConfig.js';
import { conv, filter, initFilter, initZeroConv, type ConvParams } from './conv.js';
import { channelNorm, initNorm, type NormParams } from './norm.js';
import { relativePositionBias } from './relativePosition.js';
import { shiftMask } from './shiftMask.js';

export interface WindowAttentionConfig extends AttentionConfig {
  /** Height and width of a window, in pixels. */
  readonly window: number;
  /** Whether the windows are moved by half their size, so that their borders fall elsewhere. */
  readonly shifted: boolean;
}

export interface WindowAttentionParams {
  readonly norm: NormParams; // [c]
  readonly qkv: Tensor; // [3c, c, 1, 1]
  readonly position: Tensor; // [heads, (2 window − 1)²]
  readonly out: ConvParams; // [c, c, 1, 1], [c]
}

/** Position biases N(0, 0.02²) as in Swin. `out` starts at 0: the block starts as the identity. */
export function initWindowAttention(config: WindowAttentionConfig, init: Initialiser): WindowAttentionParams {
  const { channels: c, window } = config;
  return {
    norm: initNorm(init, c),
    qkv: initFilter(init.at('qkv'), { from: c, to: 3 * c, size: 1 }),
    position: init.at('position').normal([headsOf(config), (2 * window - 1) ** 2], 0.02),
    out: initZeroConv(init, { from: c, to: c, size: 1 }),
  };
}

/**
 * Self-attention between the pixels of a window, residual [Swin, Eq. 4]:
 *
 *   [Q, K, V] = qkv(LN(x)),   A = softmax(QᵀK / √d + B),   y = x + out(V Aᵀ)
 *
 * Q, K, V ∈ R^{d×p} for each head and window of p pixels; B is the relative position bias, with the mask of
 * shifted windows. qkv has no bias: β of LN makes one, but for K, where softmax would cancel it.
 *
 * A map that is smaller than a window in height or width is cut into windows of that smaller size; shifting
 * needs more than one window along both axes, and is left out otherwise.
 */
export class WindowAttention {
  private readonly heads: number;

  /** @throws ShapeError if the parameters do not fit the configuration; RangeError if heads do not divide c */
  constructor(
    readonly config: WindowAttentionConfig,
    readonly params: WindowAttentionParams,
  ) {
    const { channels: c, window } = config;
    this.heads = headsOf(config);
    const offsets = (2 * window - 1) ** 2;
    dims('WindowAttention: qkv', params.qkv.shape, '3c c kh kw', { '3c': 3 * c, c });
    dims('WindowAttention: position', params.position.shape, 'heads offsets', { heads: this.heads, offsets });
    dims('WindowAttention: out', params.out.weight.shape, 'to from kh kw', { to: c, from: c });
  }

  /**
   * x [n, c, h, w] → [n, c, h, w]
   *
   * @throws ShapeError unless min(window, h, w) divides h and w
   */
  forward(x: Tensor): Tensor {
    const { channels: c, window, shifted } = this.config;
    const { norm, qkv, out } = this.params;
    const { h, w } = dims('WindowAttention: x', x.shape, 'n c h w', { c });
    const size = Math.min(window, h, w);
    const shift = shifted && Math.min(h, w) > window ? Math.floor(window / 2) : 0;
    const moved = rolled(channelNorm(x, norm), -shift); // [n, c, h, w]
    const windows = windowPartition(filter(moved, qkv), size); // [n, rows, columns, 3c, p]
    const attended = windowReverse(this.attend(windows, size, shift), size); // [n, c, h, w]
    return add(x, conv(rolled(attended, shift), out)); // [n, c, h, w]
  }

  /** windows [n, rows, columns, 3c, p] → [n, rows, columns, c, p] */
  private attend(windows: Tensor, size: number, shift: number): Tensor {
    const { channels: c, headChannels: d, window } = this.config;
    const [n, rows, columns, , p] = windows.shape;
    const [q, k, v] = [0, 1, 2].map((i) =>
      reshape(slice(windows, 3, i * c, (i + 1) * c), [n, rows, columns, this.heads, d, p]),
    ); // [n, rows, columns, heads, d, p]
    const position = relativePositionBias(this.params.position, window, size); // [heads, p, p]
    const mask = shift > 0 ? shiftMask(windows.backend, { rows, columns, size, shift }) : undefined;
    const bias = mask ? add(position, mask) : position; // [heads, p, p] or [rows, columns, heads, p, p]
    const scores = matmul(scale(1 / Math.sqrt(d), q), k, { ta: true }); // [n, rows, columns, heads, p, p]
    const attention = softmax(add(scores, bias)); // [n, rows, columns, heads, p, p]
    const values = matmul(v, attention, { tb: true }); // [n, rows, columns, heads, d, p]
    return reshape(values, [n, rows, columns, c, p]);
  }
}

/** x [n, c, h, w] moved cyclically by `shift` pixels down and to the right. */
const rolled = (x: Tensor, shift: number): Tensor => (shift === 0 ? x : roll(roll(x, 2, shift), 3, shift));

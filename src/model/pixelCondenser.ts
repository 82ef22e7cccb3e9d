import {
  add,
  concat,
  dims,
  groupNorm,
  haar,
  haarInverse,
  type Observer,
  ShapeError,
  silu,
  type Tensor,
} from '../tensor/index.js';
import { conv } from './blocks/conv.js';
import { TimeEmbedding } from './blocks/timeEmbedding.js';
import { Unit, type UnitConfig, type UnitParams } from './blocks/unit.js';
import { waveletDownsample, waveletSplit, waveletUpsample } from './blocks/wavelet.js';
import { layersOf, type PixelCondenserConfig } from './pixelCondenserConfig.js';
import { LR_CHANNELS, PACKET_CHANNELS, type PixelCondenserParams } from './pixelCondenserParams.js';

/** What the network sees of n frames. */
export interface PixelCondenserInput {
  /** The diffusion state, scaled to about unit variance: [n, 3, 4h, 4w]. */
  readonly state: Tensor;
  /** The LR frames, in [−1, 1]: [n, 3, h, w]. */
  readonly lr: Tensor;
  /** The LR frames enlarged to HR size, in [−1, 1]: [n, 3, 4h, 4w]. */
  readonly upscaled: Tensor;
  /** The timestep of each frame. */
  readonly t: readonly number[];
}

/**
 * The Pixel Condenser (Appendix C; Algorithm 1, lines 10–40), without semantics and without memory: the
 * baseline of Table 2. A U-net on wavelet coefficients, which predicts the HR frames from the diffusion state.
 *
 *   x̂_0 = IDWT(convOut(silu(GN(f)))) + Ī^LR,   f = the decoder's last features
 *
 * Two wavelet levels, all bands split again, bring the state to LR size, 3 · 4² channels. Below, h and w are
 * the LR size, and c1 … c4 the configuration's channels.
 */
export class PixelCondenser {
  private readonly time: TimeEmbedding;
  private readonly encoder: readonly Unit[];
  private readonly middle: readonly Unit[];
  private readonly decoder: readonly Unit[];

  /** @throws ShapeError if the parameters do not fit the configuration */
  constructor(
    readonly config: PixelCondenserConfig,
    readonly params: PixelCondenserParams,
  ) {
    const { encoder, middle, decoder } = layersOf(config);
    const units = (configs: readonly UnitConfig[], layers: readonly UnitParams[]): Unit[] =>
      configs.map((unit, i) => new Unit(unit, layers[i]));
    this.time = new TimeEmbedding(config.timeChannels, params.time);
    this.encoder = units(encoder, params.encoder);
    this.middle = units(middle, params.middle);
    this.decoder = units(decoder, params.decoder);
    const c1 = config.channels[0];
    const known = { c1, packet: PACKET_CHANNELS };
    dims('PixelCondenser: convIn', params.convIn.weight.shape, 'c1 in kh kw', {
      c1,
      in: LR_CHANNELS + PACKET_CHANNELS,
    });
    dims('PixelCondenser: convOut', params.convOut.weight.shape, 'packet c1 kh kw', known);
  }

  /**
   * LR heights and widths that are multiples of this many pixels are always legal: a whole number of windows at
   * 1/8 of the LR size. So is any other size of which every level, down to 1/8, is cut evenly by windows or,
   * where it is smaller than a window, by its own shorter side.
   */
  static multiple({ window }: PixelCondenserConfig): number {
    return 8 * window;
  }

  /** Elements of the largest tensor that `forward` makes for one LR frame of this size. */
  static largestTensor(
    { channels, window, headChannels, feedForwardRatio, gatedRatio }: PixelCondenserConfig,
    height: number,
    width: number,
  ): number {
    const perPixel = channels.map((c, level) => {
      const gated = 2 * Math.round(gatedRatio * c);
      const scores = (c / headChannels) * window ** 2;
      return Math.max(gated, 3 * c, feedForwardRatio * c, scores) / 4 ** level;
    });
    return Math.max(...perPixel, LR_CHANNELS + PACKET_CHANNELS) * height * width;
  }

  /**
   * → x̂_0 [n, 3, 4h, 4w], not clamped. `observe` is shown the lines' results; lines 19 and 23 only name what
   * lines 17, 20 and 21 give.
   *
   * @throws ShapeError
   */
  forward({ state, lr, upscaled, t }: PixelCondenserInput, observe?: Observer): Tensor {
    this.checkShapes({ state, lr, upscaled, t });
    const { convIn, lrDownsample, upsample, normOut, convOut } = this.params;
    const time = this.time.forward(t); // [n, e, 1, 1]

    const u = haar(haar(state)); // line 10: [n, 48, h, w]
    observe?.(10, 'u', u);
    const skips: Tensor[] = []; // line 11
    let chain = lr;
    let f = conv(concat(1, lr, u), convIn); // line 14: [n, c1, h, w]
    observe?.(14, 'f_0', f);
    this.encoder.forEach((layer, i) => {
      if (i > 0) {
        chain = waveletDownsample(chain, lrDownsample[i - 1]);
        f = concat(1, chain, f); // line 16
        observe?.(16, `f_${i}`, f);
      }
      f = layer.forward(f, time); // line 17
      observe?.(17, `fhat_${i + 1}`, f);
      if (i < this.encoder.length - 1) {
        const { low, high } = waveletSplit(f); // line 19
        f = low; // line 20
        skips.push(high); // line 21
        observe?.(20, `fbar_${i + 1}`, low);
        observe?.(21, `H_${i + 1}`, high);
      }
    });

    this.middle.forEach((layer, j) => {
      f = layer.forward(f, time); // lines 25–29: [n, c4, h/8, w/8]
      observe?.(29, `fbar_${j + 1}`, f);
    });

    this.decoder.forEach((layer, k) => {
      const high = skips.at(-1 - k);
      if (high) {
        f = waveletUpsample(f, high, upsample[k]); // lines 32–33
        observe?.(33, `f_${k + 1}`, f);
      }
      f = layer.forward(f, time); // line 37
      observe?.(37, `fddot_${k + 1}`, f);
    });

    const { gamma, beta } = normOut;
    const residual = conv(silu(groupNorm(f, gamma, beta, this.config.groups)), convOut); // [n, 48, h, w]
    const x0 = add(haarInverse(haarInverse(residual)), upscaled); // line 40: [n, 3, 4h, 4w]
    observe?.(40, 'x0', x0);
    return x0;
  }

  private checkShapes({ state, lr, upscaled, t }: PixelCondenserInput): void {
    const { n, h, w } = dims('PixelCondenser: lr', lr.shape, 'n c h w', { c: LR_CHANNELS });
    const hr = { n, c: LR_CHANNELS, '4h': 4 * h, '4w': 4 * w };
    dims('PixelCondenser: state', state.shape, 'n c 4h 4w', hr);
    dims('PixelCondenser: upscaled', upscaled.shape, 'n c 4h 4w', hr);
    dims('PixelCondenser: t', [t.length], 'n', { n });
    const legal = [1, 2, 4, 8].every((reduction) => {
      const size = Math.min(this.config.window, h / reduction, w / reduction);
      return Number.isInteger(size) && (h / reduction) % size === 0 && (w / reduction) % size === 0;
    });
    const multiple = PixelCondenser.multiple(this.config);
    if (!legal) throw new ShapeError('PixelCondenser: lr', `h and w in multiples of ${multiple}`, lr.shape);
  }
}

import {
  add,
  cast,
  checkpointed,
  concat,
  dims,
  type ElementType,
  groupNormSilu,
  type Observer,
  ShapeError,
  Tensor,
} from '../tensor/index.js';
import { conv } from './blocks/conv.js';
import type { KeysValues } from './blocks/crossAttention.js';
import { fromPackets, toPackets } from './blocks/packets.js';
import { TimeEmbedding, type Timesteps } from './blocks/timeEmbedding.js';
import { Unit, type UnitConfig, type UnitInput, type UnitParams } from './blocks/unit.js';
import { waveletDownsample, waveletSplit, waveletUpsample } from './blocks/wavelet.js';
import { Category, type Memory } from './category.js';
import type { InCamContext, InCamOutput } from './incam.js';
import { InstanceTokens } from './instanceTokens.js';
import { categoryOf, layersOf, type PixelCondenserConfig } from './pixelCondenserConfig.js';
import { LR_CHANNELS, PACKET_CHANNELS, type PixelCondenserParams } from './pixelCondenserParams.js';
import type { Semantics } from './semantics.js';

/** What the network sees of n frames. */
export interface PixelCondenserInput<T extends Timesteps = readonly number[]> {
  /** The diffusion state, scaled to about unit variance: [n, 3, 4h, 4w]. */
  readonly state: Tensor;
  /** The LR frames, in [−1, 1]: [n, 3, h, w]. */
  readonly lr: Tensor;
  /** The LR frames enlarged to HR size, in [−1, 1]: [n, 3, 4h, 4w]. */
  readonly upscaled: Tensor;
  /** The timestep of each frame. */
  readonly t: T;
  /** Frames of a clip, m: the n frames are those of n/m clips, one clip after the other. */
  readonly frames: number;
  /** Whether layers keep only what they are given, and compute the rest once more for the gradient. */
  readonly checkpointing?: boolean;
  /** What `context` made of the clips; needed where the network has semantics. */
  readonly context?: ClipContext;
}

/** What the network makes of them. */
export interface PixelCondenserOutput {
  /** x̂_0 [n, 3, 4h, 4w], not clamped. */
  readonly x0: Tensor;
  /** F̄_k of the four decoder layers, refined where there is a memory: [n, c_k, h_k, w_k]. */
  readonly features: readonly Tensor[];
}

/** A batch of clips, in LR pixels. */
export interface ClipSize {
  /** Frames of a clip, m. */
  readonly frames: number;
  readonly height: number;
  readonly width: number;
}

/** All that the network takes from semantics and memory: the same for every timestep. A tree of tensors. */
export interface ClipContext {
  /** For each middle layer, and each decoder layer. */
  readonly middle: readonly InCamContext[];
  readonly decoder: readonly InCamContext[];
  /** O_c: tokens of the clips, [b, q, d]. */
  readonly clip?: Tensor;
  /** What the clips ask of the memory, for each decoder layer. */
  readonly memory?: readonly KeysValues[];
}

/**
 * The Pixel Condenser (Appendix C; Algorithm 1, lines 10–40): a U-net on wavelet coefficients, which predicts the HR
 * frames from the diffusion state, under the control of instance semantics and a texture memory.
 *
 *   x̂_0 = IDWT(convOut(silu(GN(f)))) + Ī^LR,   f = the decoder's last features
 *
 * Two wavelet levels, all bands split again, bring the state to LR size, 3 · 4² channels. Below, h and w are
 * the LR size, and c1 … c4 the configuration's channels. Each component can be left out (`Components`); without any
 * this is the baseline of Table 2, which looks at each frame by itself.
 */
export class PixelCondenser {
  private readonly time: TimeEmbedding;
  private readonly encoder: readonly Unit[];
  private readonly middle: readonly Unit[];
  private readonly decoder: readonly Unit[];
  private readonly instance?: InstanceTokens;
  private readonly category?: Category;

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
    if (params.instance) this.instance = new InstanceTokens(config.semantics, params.instance);
    if (params.category) this.category = new Category(categoryOf(config), params.category);
    const c1 = config.channels[0];
    const known = { c1, packet: PACKET_CHANNELS };
    dims('PixelCondenser: convIn', params.convIn.weight.shape, 'c1 in kh kw', {
      c1,
      in: LR_CHANNELS + PACKET_CHANNELS,
    });
    dims('PixelCondenser: convOut', params.convOut.weight.shape, 'packet c1 kh kw', known);
  }

  /**
   * How weights are stored, and all that the layers make: what comes in is cast to it. x̂_0 is stored as Ī^LR is, and
   * the memory as it was learned.
   */
  get type(): ElementType {
    return this.params.convIn.weight.type;
  }

  /**
   * LR heights and widths that are multiples of this many pixels are always legal: a whole number of windows at
   * 1/8 of the LR size. So is any other size of which every level, down to 1/8, is cut evenly by windows or,
   * where it is smaller than a window, by its own shorter side.
   */
  static multiple({ window }: PixelCondenserConfig): number {
    return 8 * window;
  }

  /** Elements of the largest tensor that `forward` makes for one LR frame of this size, in a clip of m frames. */
  static largestTensor(config: PixelCondenserConfig, height: number, width: number): number {
    const { channels, headChannels, feedForwardRatio, gatedRatio, components, semantics } = config;
    const perPixel = channels.map((c, level) => {
      const gated = 2 * Math.round(gatedRatio * c);
      const heads = c / headChannels;
      const asked = components.category ? semantics.channels : semantics.tokens;
      return Math.max(gated, 3 * c, feedForwardRatio * c, heads * asked) / 4 ** level;
    });
    return Math.max(...perPixel, LR_CHANNELS + PACKET_CHANNELS) * height * width;
  }

  /**
   * What the layers take from the semantics of clips, and from the memory.
   *
   * @param semantics O and P of all frames, n = b·m
   * @param memory what the clips find in CaTeGory; it is not asked if left out
   * @throws ShapeError
   */
  context(
    { tokens, features }: Semantics,
    { frames, height, width }: ClipSize,
    memory?: Memory,
  ): ClipContext {
    const semantics = { tokens: cast(tokens, this.type), features: cast(features, this.type) };
    const of = (unit: Unit, reduction: number): InCamContext[] => {
      const made = unit.context(semantics, height / reduction, width / reduction);
      return made ? [made] : [];
    };
    const clip = this.instance?.forward(semantics.tokens, frames); // line 24: [b, q, d]
    const asked = memory && clip ? this.category?.ask(memory, clip, frames) : undefined;
    return {
      middle: this.middle.flatMap((unit) => of(unit, 8)), // line 26
      decoder: this.decoder.flatMap((unit, k) => of(unit, DECODER_REDUCTIONS[k])), // line 34
      ...(clip ? { clip } : {}),
      ...(asked ? { memory: asked } : {}),
    };
  }

  /**
   * `observe` is shown the lines' results; lines 19 and 23 only name what lines 17, 20 and 21 give.
   *
   * @throws ShapeError
   */
  forward(input: PixelCondenserInput<Timesteps>, observe?: Observer): PixelCondenserOutput {
    this.checkShapes(input);
    const { upscaled, t, frames, context, checkpointing = false } = input;
    const lr = cast(input.lr, this.type);
    const run = checkpointing && !observe ? checkpointedUnit : plainUnit;
    const { dwt } = this.config.components;
    const { convIn, lrDownsample, upsample, normOut, convOut } = this.params;
    const time = this.time.forward(t); // [n, e, 1, 1]

    const u = toPackets(cast(input.state, this.type), dwt); // line 10: [n, 48, h, w]
    observe?.(10, 'u', u);
    const skips: Tensor[] = []; // line 11
    let chain = lr;
    let f = conv(concat(1, lr, u), convIn); // line 14: [n, c1, h, w]
    observe?.(14, 'f_0', f);
    // line 12
    this.encoder.forEach((layer, i) => {
      // lines 13, 15
      if (i > 0) {
        chain = waveletDownsample(chain, lrDownsample[i - 1]);
        f = concat(1, chain, f); // line 16
        observe?.(16, `f_${i}`, f);
      }
      f = run(layer, f, time); // line 17
      observe?.(17, `fhat_${i + 1}`, f);
      // lines 18, 22–23
      if (i < this.encoder.length - 1) {
        const { low, high } = waveletSplit(f); // line 19
        f = low; // line 20
        skips.push(high); // line 21
        observe?.(20, `fbar_${i + 1}`, low);
        observe?.(21, `H_${i + 1}`, high);
      }
    });

    if (context?.clip) observe?.(24, 'O_c', context.clip);
    // line 25
    this.middle.forEach((layer, j) => {
      const semantics = context?.middle[j];
      if (semantics) {
        observe?.(26, `gamma_${j + 1}`, semantics.gamma);
        observe?.(26, `beta_${j + 1}`, semantics.beta);
      }
      const shown = ({ modulated, embedded }: InCamOutput): void => {
        observe?.(27, `f_${j + 1}`, modulated);
        observe?.(28, `fhat_${j + 1}`, embedded);
      };
      f = run(layer, f, time, told(frames, semantics, context?.clip, observe && shown)); // line 29: [n, c4, h/8, w/8]
      observe?.(29, `fbar_${j + 1}`, f);
    });

    const features: Tensor[] = []; // line 30
    // line 31
    this.decoder.forEach((layer, k) => {
      const high = skips.at(-1 - k);
      // line 32
      if (high) {
        f = waveletUpsample(f, high, upsample[k]); // line 33
        observe?.(33, `f_${k + 1}`, f);
      }
      const semantics = context?.decoder[k];
      if (semantics) {
        observe?.(34, `gamma_${k + 1}`, semantics.gamma);
        observe?.(34, `beta_${k + 1}`, semantics.beta);
      }
      const shown = ({ modulated, embedded }: InCamOutput): void => {
        observe?.(35, `fhat_${k + 1}`, modulated);
        observe?.(36, `ftilde_${k + 1}`, embedded);
      };
      f = run(layer, f, time, told(frames, semantics, context?.clip, observe && shown)); // line 37
      observe?.(37, `fddot_${k + 1}`, f);
      if (this.category && context?.memory) {
        f = this.category.refine(f, context.memory[k], k); // line 38
        observe?.(38, `fbar_${k + 1}`, f);
      }
      features.push(f); // line 39
    });

    const { gamma, beta } = normOut;
    const residual = conv(groupNormSilu(f, gamma, beta, this.config.groups), convOut); // [n, 48, h, w]
    const x0 = add(cast(fromPackets(residual, dwt), upscaled.type), upscaled); // line 40: [n, 3, 4h, 4w]
    observe?.(40, 'x0', x0);
    return { x0, features };
  }

  /** CaTeGory as learned, for the first clip of a video; `undefined` without it. */
  memory(): Memory | undefined {
    return this.category?.learned();
  }

  /**
   * CaTeGory after clips, line 44.
   *
   * @param memory before them
   * @param features what `forward` gave for them
   * @param frames m, frames of a clip
   */
  remember(memory: Memory, features: readonly Tensor[], frames: number): Memory {
    return this.category ? this.category.construct(memory, features, frames) : memory;
  }

  private checkShapes({ state, lr, upscaled, t, frames, context }: PixelCondenserInput<Timesteps>): void {
    const { n, h, w } = dims('PixelCondenser: lr', lr.shape, 'n c h w', { c: LR_CHANNELS });
    const hr = { n, c: LR_CHANNELS, '4h': 4 * h, '4w': 4 * w };
    dims('PixelCondenser: state', state.shape, 'n c 4h 4w', hr);
    dims('PixelCondenser: upscaled', upscaled.shape, 'n c 4h 4w', hr);
    dims('PixelCondenser: t', t instanceof Tensor ? t.shape.slice(0, 1) : [t.length], 'n', { n });
    if (n % frames !== 0) throw new ShapeError('PixelCondenser: lr', `clips of ${frames} frames`, lr.shape);
    if (this.config.components.semantic && !context)
      throw new Error('PixelCondenser: expected the context of the clips, got none');
    const legal = [1, 2, 4, 8].every((reduction) => {
      const size = Math.min(this.config.window, h / reduction, w / reduction);
      return Number.isInteger(size) && (h / reduction) % size === 0 && (w / reduction) % size === 0;
    });
    const multiple = PixelCondenser.multiple(this.config);
    if (!legal) throw new ShapeError('PixelCondenser: lr', `h and w in multiples of ${multiple}`, lr.shape);
  }
}

/** A layer, which keeps for the gradient all that it computes. */
const plainUnit = (layer: Unit, f: Tensor, time: Tensor, input?: UnitInput): Tensor =>
  layer.forward(f, time, input);

/** The same, which keeps only what it is given. */
const checkpointedUnit = ({ config, params }: Unit, f: Tensor, time: Tensor, input?: UnitInput): Tensor =>
  checkpointed(
    (given: { params: UnitParams; f: Tensor; time: Tensor; input: UnitInput | undefined }) =>
      new Unit(config, given.params).forward(given.f, given.time, given.input),
    { params, f, time, input },
  );

/** Reduction of the LR size at each decoder layer. */
const DECODER_REDUCTIONS = [4, 2, 1, 1];

const told = (
  frames: number,
  semantics: InCamContext | undefined,
  clip: Tensor | undefined,
  observe: UnitInput['observe'],
): UnitInput => ({
  frames,
  ...(semantics ? { semantics } : {}),
  ...(clip ? { clip } : {}),
  ...(observe ? { observe } : {}),
});

import type { UnitConfig, UnitSettings } from './blocks/unit.js';
import type { CategoryConfig } from './categoryConfig.js';
import type { InstanceTokensConfig } from './instanceTokens.js';

/** Which parts of SeeClear a network has: the columns of the paper's Table 2, and one of Table 4. */
export interface Components {
  /** Wavelet coefficients of the state; without, its 4 × 4 pixels are the channels as they are. */
  readonly dwt: boolean;
  /** Spatial and channel attention in every layer; without, residual blocks alone. */
  readonly attention: boolean;
  /** Intra-frame semantics in middle and decoder (10) – (13). */
  readonly semantic: boolean;
  /** Multi-frame self-attention in middle and decoder, in the place of attention within a frame. */
  readonly mfsa: boolean;
  /** Tokens of the clip as guide of the multi-frame self-attention (14), (15); needs `semantic` and `mfsa`. */
  readonly incam: boolean;
  /** The texture memory (16) – (20); needs `semantic`. */
  readonly category: boolean;
}

/** The Pixel Condenser's sizes. It always has four encoder, three middle and four decoder layers. */
export interface PixelCondenserConfig extends UnitSettings {
  /** Channels of the encoder layers, at 1, 1/2, 1/4 and 1/8 of the LR size. The middle has those of the last. */
  readonly channels: readonly [c1: number, c2: number, c3: number, c4: number];
  /** Most frames of a clip, m. */
  readonly frames: number;
  readonly components: Components;
  /** Tokens and features of the distiller, and the instance encoder–decoder. */
  readonly semantics: InstanceTokensConfig & {
    /** Channels of the segmentation features P. */
    readonly featureChannels: number;
    /** Channels between the two convolutions of G (10). */
    readonly modulationChannels: number;
  };
  /** The texture memory; one for all four decoder layers. */
  readonly memory: Pick<CategoryConfig, 'channels' | 'heads' | 'hidden' | 'side' | 'initial'>;
}

/** The layers' configurations, in the order of Algorithm 1. */
export interface PixelCondenserLayers {
  readonly encoder: readonly UnitConfig[];
  readonly middle: readonly UnitConfig[];
  readonly decoder: readonly UnitConfig[];
}

/**
 * What each layer takes and gives. An encoder layer after the first takes its predecessor's low band beside
 * as many channels of the LR frames (line 16); decoder layer k gives the channels of encoder layer 4 − k, and
 * the fourth those of the first. Windows are shifted in every other layer.
 */
export function layersOf(config: PixelCondenserConfig): PixelCondenserLayers {
  const { channels, frames, components, semantics: told } = config;
  const { timeChannels, groups, headChannels, window, feedForwardRatio, gatedRatio } = config;
  const settings = { timeChannels, groups, headChannels, window, feedForwardRatio, gatedRatio };
  const { attention, semantic, mfsa, incam } = components;
  const [c1, c2, c3, c4] = channels;
  const encoder = [
    [c1, c1],
    [2 * c1, c2],
    [2 * c2, c3],
    [2 * c3, c4],
  ];
  const middle = [
    [c4, c4],
    [c4, c4],
    [c4, c4],
  ];
  const decoder = [
    [c4, c3],
    [c3, c2],
    [c2, c1],
    [c1, c1],
  ];
  const semantics = {
    featureChannels: told.featureChannels,
    modulationChannels: told.modulationChannels,
    tokenChannels: told.tokenChannels,
    clipChannels: told.channels,
    gated: incam,
  };
  const layers = [...encoder, ...middle, ...decoder].map(([from, to], i): UnitConfig => {
    const inEncoder = i < encoder.length;
    return {
      ...settings,
      from,
      to,
      shifted: i % 2 === 1,
      attention,
      frames: mfsa && !inEncoder ? frames : 1,
      ...(semantic && !inEncoder ? { semantics } : {}),
    };
  });
  return { encoder: layers.slice(0, 4), middle: layers.slice(4, 7), decoder: layers.slice(7) };
}

/** The texture memory of a network. */
export const categoryOf = (config: PixelCondenserConfig): CategoryConfig => ({
  ...config.memory,
  tokens: config.semantics.tokens,
  clipChannels: config.semantics.channels,
  layers: layersOf(config).decoder.map(({ to }) => to),
  headChannels: config.headChannels,
});

/** Whether there are tokens of the clip, O_c. */
export const hasClipTokens = ({ components }: PixelCondenserConfig): boolean =>
  components.incam || components.category;

/** @throws RangeError if a component is there without those it needs */
export function checkComponents({ attention, semantic, mfsa, incam, category }: Components): void {
  const need = (has: boolean, name: string, needed: boolean, what: string): void => {
    if (has && !needed) throw new RangeError(`components: expected ${what} with ${name}, got none`);
  };
  need(mfsa, 'mfsa', attention, 'attention');
  need(incam, 'incam', semantic, 'semantic');
  need(incam, 'incam', mfsa, 'mfsa');
  need(category, 'category', semantic, 'semantic');
}

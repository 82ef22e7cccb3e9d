import type { UnitConfig, UnitSettings } from './blocks/unit.js';

/** The Pixel Condenser's sizes. It always has four encoder, three middle and four decoder layers. */
export interface PixelCondenserConfig extends UnitSettings {
  /** Channels of the encoder layers, at 1, 1/2, 1/4 and 1/8 of the LR size. The middle has those of the last. */
  readonly channels: readonly [c1: number, c2: number, c3: number, c4: number];
}

/** The layers' configurations, in the order of Algorithm 1. */
export interface PixelCondenserLayers {
  readonly encoder: readonly UnitConfig[]; // lines 12–23
  readonly middle: readonly UnitConfig[]; // lines 25–29
  readonly decoder: readonly UnitConfig[]; // lines 31–39
}

/**
 * What each layer takes and gives. An encoder layer after the first takes its predecessor's low band beside
 * as many channels of the LR frames (line 16); decoder layer k gives the channels of encoder layer 4 − k, and
 * the fourth those of the first. Windows are shifted in every other layer.
 */
export function layersOf({ channels, ...settings }: PixelCondenserConfig): PixelCondenserLayers {
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
  const layers = [...encoder, ...middle, ...decoder].map(([from, to], i): UnitConfig => ({
    ...settings,
    from,
    to,
    shifted: i % 2 === 1,
  }));
  return { encoder: layers.slice(0, 4), middle: layers.slice(4, 7), decoder: layers.slice(7) };
}

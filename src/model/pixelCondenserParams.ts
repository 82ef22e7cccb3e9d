import type { Backend } from '../tensor/index.js';
import { initConv, initZeroConv, type ConvParams } from './blocks/conv.js';
import { initNorm, type NormParams } from './blocks/norm.js';
import { initTimeEmbedding, type TimeEmbeddingParams } from './blocks/timeEmbedding.js';
import { initUnit, type UnitConfig, type UnitParams } from './blocks/unit.js';
import { initWaveletDownsample, initWaveletUpsample } from './blocks/wavelet.js';
import { type CategoryParams, initCategory } from './category.js';
import { Initialiser } from './initialiser.js';
import { initInstanceTokens, type InstanceTokensParams } from './instanceTokens.js';
import {
  categoryOf,
  checkComponents,
  hasClipTokens,
  layersOf,
  type PixelCondenserConfig,
} from './pixelCondenserConfig.js';

/** Parameters of the Pixel Condenser; c1 … c4 are the configuration's channels. */
export interface PixelCondenserParams {
  readonly time: TimeEmbeddingParams;
  readonly convIn: ConvParams; // [c1, 51, 3, 3], [c1]
  readonly encoder: readonly UnitParams[];
  readonly lrDownsample: readonly ConvParams[]; // [c1, 12, 3, 3], [c2, 4c1, 3, 3], [c3, 4c2, 3, 3], with biases
  readonly middle: readonly UnitParams[];
  readonly upsample: readonly ConvParams[]; // [3c4, c3, 3, 3], [3c3, c2, 3, 3], [3c2, c1, 3, 3], with biases
  readonly decoder: readonly UnitParams[];
  readonly normOut: NormParams; // [c1]
  readonly convOut: ConvParams; // [48, c1, 3, 3], [48]
  /** Only with InCAM or CaTeGory. */
  readonly instance?: InstanceTokensParams;
  /** Only with CaTeGory. */
  readonly category?: CategoryParams;
}

/** Channels of the state after two wavelet levels, every band split again: 3 · 4². */
export const PACKET_CHANNELS = 48;

/** Channels of an LR frame. */
export const LR_CHANNELS = 3;

/**
 * First parameters. `convOut` is 0, so that the network begins by returning the upscaled frames; so is the
 * last convolution of every residual branch. The rest is random, see `Initialiser` and `initFilter`.
 *
 * @param seed an integer, 0 … 2³² − 1; equal seeds give equal parameters on every machine
 * @throws RangeError if the configuration has a component without those it needs
 */
export function initPixelCondenser(
  config: PixelCondenserConfig,
  backend: Backend,
  seed: number,
): PixelCondenserParams {
  checkComponents(config.components);
  const init = new Initialiser(backend, seed);
  const [c1, c2, c3, c4] = config.channels;
  const { encoder, middle, decoder } = layersOf(config);
  const units = (name: string, configs: readonly UnitConfig[]): UnitParams[] =>
    configs.map((unit, i) => initUnit(unit, init.at(name).at(i)));
  const chain = init.at('lrDownsample');
  const up = init.at('upsample');
  return {
    time: initTimeEmbedding(config.timeChannels, init.at('time')),
    convIn: initConv(init.at('convIn'), { from: LR_CHANNELS + PACKET_CHANNELS, to: c1, size: 3 }),
    encoder: units('encoder', encoder),
    lrDownsample: [
      initWaveletDownsample(LR_CHANNELS, c1, chain.at(0)),
      initWaveletDownsample(c1, c2, chain.at(1)),
      initWaveletDownsample(c2, c3, chain.at(2)),
    ],
    middle: units('middle', middle),
    upsample: [
      initWaveletUpsample(c3, c4, up.at(0)),
      initWaveletUpsample(c2, c3, up.at(1)),
      initWaveletUpsample(c1, c2, up.at(2)),
    ],
    decoder: units('decoder', decoder),
    normOut: initNorm(init, c1),
    convOut: initZeroConv(init, { from: c1, to: PACKET_CHANNELS, size: 3 }),
    ...(hasClipTokens(config) ? { instance: initInstanceTokens(config.semantics, init.at('instance')) } : {}),
    ...(config.components.category
      ? { category: initCategory(categoryOf(config), init.at('category')) }
      : {}),
  };
}

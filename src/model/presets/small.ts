import type { PixelCondenserConfig } from '../pixelCondenserConfig.js';
import { all } from './all.js';

/**
 * For training from scratch on a desktop: 2,073,914 parameters, 328,096 multiply-adds per LR pixel.
 *
 * Three of the eleven layers work at full LR size, and take two thirds of the multiply-adds. Their 32 channels
 * are a compromise between cost and the 48 wavelet coefficients per LR pixel that pass through them. The lower
 * levels cost little per LR pixel, so they have more. Windows of 4 let LR frames of 32 × 32 have an attention
 * window of their own down to 1/8.
 */
export const small: PixelCondenserConfig = {
  channels: [32, 32, 48, 48],
  timeChannels: 64,
  groups: 8,
  headChannels: 16,
  window: 4,
  feedForwardRatio: 2,
  gatedRatio: 2.66,
  frames: 5,
  components: all,
  semantics: {
    tokenChannels: 64,
    featureChannels: 32,
    modulationChannels: 32,
    channels: 64,
    heads: 4,
    hidden: 128,
    encoderLayers: 2,
    decoderLayers: 1,
    tokens: 16,
  },
  memory: { channels: 64, heads: 4, hidden: 128, side: 8, initial: 'normal' },
};

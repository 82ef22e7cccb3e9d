import type { PixelCondenserConfig } from '../pixelCondenserConfig.js';
import { all } from './all.js';

/** For a day of training on one GPU: 9,714,420 parameters, 646,872 multiply-adds per LR pixel. */
export const base: PixelCondenserConfig = {
  channels: [32, 64, 96, 128],
  timeChannels: 128,
  groups: 8,
  headChannels: 32,
  window: 8,
  feedForwardRatio: 2,
  gatedRatio: 2.66,
  frames: 5,
  components: all,
  semantics: {
    tokenChannels: 64,
    featureChannels: 32,
    modulationChannels: 64,
    channels: 128,
    heads: 8,
    hidden: 512,
    encoderLayers: 3,
    decoderLayers: 2,
    tokens: 32,
  },
  memory: { channels: 128, heads: 8, hidden: 512, side: 16, initial: 'normal' },
};

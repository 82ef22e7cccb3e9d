import type { PixelCondenserConfig } from '../pixelCondenserConfig.js';
import { all } from './all.js';

/** For tests and demonstrations on a CPU: 98,426 parameters, 26,755 multiply-adds per LR pixel. */
export const tiny: PixelCondenserConfig = {
  channels: [8, 8, 8, 8],
  timeChannels: 8,
  groups: 4,
  headChannels: 4,
  window: 4,
  feedForwardRatio: 1,
  gatedRatio: 1,
  frames: 5,
  components: all,
  semantics: {
    tokenChannels: 64,
    featureChannels: 32,
    modulationChannels: 2,
    channels: 16,
    heads: 2,
    hidden: 32,
    encoderLayers: 1,
    decoderLayers: 1,
    tokens: 4,
  },
  memory: { channels: 16, heads: 2, hidden: 32, side: 4, initial: 'normal' },
};

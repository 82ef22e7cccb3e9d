import type { PixelCondenserConfig } from '../pixelCondenserConfig.js';
import { all } from './all.js';

/**
 * The paper's scale, with the semantics of OpenSeeD: 122,976,442 parameters, 11,164,914 multiply-adds per LR pixel.
 * With OpenSeeD's 116 million it has about the 229.23 million of Table 5.
 *
 * @setting SeeClear (Table 5)
 */
export const paper: PixelCondenserConfig = {
  channels: [160, 320, 320, 480],
  timeChannels: 320,
  groups: 32,
  headChannels: 32,
  window: 8,
  feedForwardRatio: 2,
  gatedRatio: 2.66,
  frames: 5,
  components: all,
  semantics: {
    tokenChannels: 256,
    featureChannels: 256,
    modulationChannels: 128,
    channels: 256,
    heads: 8,
    hidden: 1024,
    encoderLayers: 6,
    decoderLayers: 3,
    tokens: 100,
  },
  memory: { channels: 256, heads: 8, hidden: 1024, side: 32, initial: 'normal' },
};

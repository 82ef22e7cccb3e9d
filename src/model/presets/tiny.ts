import type { PixelCondenserConfig } from '../pixelCondenserConfig.js';

/** For tests and demonstrations on a CPU: 97,994 parameters, 25,232 multiply-adds per LR pixel. */
export const tiny: PixelCondenserConfig = {
  channels: [8, 8, 8, 12],
  timeChannels: 16,
  groups: 4,
  headChannels: 4,
  window: 4,
  feedForwardRatio: 2,
  gatedRatio: 2.66,
};

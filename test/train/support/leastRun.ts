import type { TrainConfig } from '../../../src/train/index.js';
import { leastModel } from './leastModel.js';

/** A run of the least model on procedural clips, one of two frames of 32 × 32 in each step. */
export const leastRun = (
  stages: TrainConfig['stages'],
  settings: Partial<Omit<TrainConfig, 'stages'>> = {},
): TrainConfig => ({
  model: leastModel(),
  data: 'procedural',
  seed: 7,
  batch: 1,
  frames: 2,
  crop: 32,
  warmup: 1,
  clipNorm: 1,
  emaDecay: 0.9,
  origins: {},
  stages,
  ...settings,
});

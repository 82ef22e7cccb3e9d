import type { ModelSpec } from './modelSpec.js';

/** All that a training run depends on. Kept in its checkpoints, so that it can go on. */
export interface TrainConfig {
  readonly model: ModelSpec;
  /** 'procedural', or a folder of videos as PNG frames */
  readonly data: string;
  /** unsigned 32-bit; see seeds.ts */
  readonly seed: number;
  readonly steps: number;
  /** clips in a batch */
  readonly batch: number;
  /** frames of a clip */
  readonly frames: number;
  /** side of the HR crop in pixels */
  readonly crop: number;
  /** learning rate after the warm-up */
  readonly lr: number;
  /** learning rate of the last step */
  readonly lrEnd: number;
  /** steps of linear rise of the learning rate */
  readonly warmup: number;
  /** largest norm of the gradient */
  readonly clipNorm: number;
  /** decay of the average of the parameters */
  readonly emaDecay: number;
}

import type { DataSpec } from './clipSources.js';
import type { ModelSpec } from './modelSpec.js';
import type { StagesConfig } from './stages.js';
import type { ValidationConfig } from './validation.js';

/** All that a training run depends on. Kept in its checkpoints, so that it can go on. */
export interface TrainConfig {
  readonly model: ModelSpec;
  readonly data: DataSpec;
  /** unsigned 32-bit; see seeds.ts */
  readonly seed: number;
  readonly stages: StagesConfig;
  /** clips in a batch */
  readonly batch: number;
  /** Clips that go through the network together, a divisor of `batch`; all if left out. */
  readonly micro?: number;
  /** frames of a clip */
  readonly frames: number;
  /** side of the HR crop in pixels */
  readonly crop: number;
  /** steps of linear rise of the learning rate, at the start of each stage */
  readonly warmup: number;
  /** Whether layers compute once more for the gradient what they do not keep; not if left out. */
  readonly checkpointing?: boolean;
  /** How weights and activations are stored in a step; f32 if left out. */
  readonly precision?: 'f16';
  /** largest norm of the gradient */
  readonly clipNorm: number;
  /** decay of the average of the parameters */
  readonly emaDecay: number;
  /** How the run is validated, if it is; the parameters do not depend on it. */
  readonly validation?: ValidationConfig;
  /** Files that the first parameters came from, by their SHA-256. */
  readonly origins: {
    readonly distiller?: string;
    /** Weights that the condenser started from. */
    readonly from?: string;
  };
}

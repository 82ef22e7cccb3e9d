/** Training, checkpoints, evaluation, and the way from LR frames to HR frames. */
export { adamState, type AdamOptions, type AdamState, adamStep } from './adam.js';
export { type Batch, batchOf, type BatchShape, prepareBatch } from './batch.js';
export { BatchPool } from './batchPool.js';
export {
  type Checkpoint,
  loadCheckpoint,
  loadWeights,
  saveCheckpoint,
  saveWeights,
  type Weights,
} from './checkpoint.js';
export { CheckpointError } from './checkpointError.js';
export { PROCEDURAL, trainingClips } from './clipSources.js';
export { cosineSchedule, type CosineSchedule } from './cosineSchedule.js';
export { ema, emaDecay } from './ema.js';
export {
  bicubicClip,
  compare,
  type Comparison,
  degraded,
  meanOf,
  type Pair,
  qualities,
  type Qualities,
} from './evaluate.js';
export { folderPair } from './folderPairs.js';
export { fromHalf, toHalf } from './half.js';
export { heldOutPair } from './heldOut.js';
export { loadModel, makeModel, type Model, withParams } from './model.js';
export { type ModelSpec, modelSpec, presetNames } from './modelSpec.js';
export { crop, padToMultiple } from './pad.js';
export { decodeSafetensors, encodeSafetensors, type StoredTensor, type TensorFile } from './safetensors.js';
export { framesPerPass } from './framesPerPass.js';
export { CLIP_FRAMES, SCALE } from './scale.js';
export { heldOutSeed } from './seeds.js';
export { enlargeNearest, sideBySide } from './sideBySide.js';
export type { TrainConfig } from './trainConfig.js';
export type { TrainedModel } from './trainedModel.js';
export { checkpointFile, metricsFile, type StepRecord, trainingRun } from './trainingRun.js';
export {
  DivergenceError,
  type Network,
  type NetworkInput,
  trainState,
  type TrainState,
  trainStep,
} from './trainStep.js';
export { checkFrames, upscaleFolder, type UpscaleOptions } from './upscaleFolder.js';
export { OutputError, upscaleClip } from './upscaler.js';

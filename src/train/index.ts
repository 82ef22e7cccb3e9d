/** Training, checkpoints, evaluation, and the way from LR frames to HR frames. */
export { type Ablation, ablations } from './ablations.js';
export { adamState, type AdamOptions, type AdamState, adamStep } from './adam.js';
export { type Batch, batchOf, type BatchShape, prepareBatch } from './batch.js';
export { BatchPool } from './batchPool.js';
export { type CheckedFrames, checkFrames } from './checkedFrames.js';
export {
  type Checkpoint,
  loadCheckpoint,
  loadOrigin,
  loadWeights,
  type Origin,
  saveCheckpoint,
  saveAverage,
  saveWeights,
  type Weights,
} from './checkpoint.js';
export { CheckpointError } from './checkpointError.js';
export { Clips } from './clips.js';
export { type DataPart, dataPaths, type DataSpec, PROCEDURAL, trainingClips } from './clipSources.js';
export { cosineSchedule, type CosineSchedule } from './cosineSchedule.js';
export { CrossFade } from './crossFade.js';
export {
  type DistillerRow,
  type DistillerQuality,
  evaluateDistiller,
} from './distiller/distillerEvaluation.js';
export {
  type DistillerCheckpoint,
  type DistillerWeights,
  loadDistiller,
  loadDistillerCheckpoint,
  saveDistiller,
  saveDistillerCheckpoint,
} from './distiller/distillerFiles.js';
export { type DistillerRecord, distillerRun } from './distiller/distillerRun.js';
export {
  distillerState,
  type DistillerState,
  type DistillerTrainConfig,
} from './distiller/distillerTraining.js';
export { DivergenceError } from './divergenceError.js';
export { ema, emaDecay } from './ema.js';
export { bicubic, type Enlarger } from './enlarger.js';
export { writeFileAtomic } from './atomicFile.js';
export {
  compare,
  comparison,
  type CompareOptions,
  type Comparison,
  degraded,
  meanOf,
  type Pair,
  qualities,
  type Qualities,
  upscalePair,
} from './evaluate.js';
export { failureFile } from './failure.js';
export { fromHalf, toHalf } from './half.js';
export { heldOutPair } from './heldOut.js';
export { type Footprint, trainingFootprint, upscalingFootprint, type VideoSize } from './footprint.js';
export {
  checkpointFile,
  hasCheckpoint,
  type Newest,
  newestCheckpoint,
  previousCheckpoint,
} from './keptCheckpoints.js';
export { SPIKE } from './lossSpikes.js';
export { median } from './median.js';
export { measureRates, type Rates, secondsOf } from './rates.js';
export { metricsFile } from './metricsLog.js';
export { replayed } from './replayedModel.js';
export { loadModel, makeModel, type Model, withParams } from './model.js';
export { type DistillerSpec, type ModelSpec, modelSpec, presetNames } from './modelSpec.js';
export { firstNonFinite, type NonFinite, showNonFinite } from './nonFinite.js';
export { discardFrames } from './outputFolder.js';
export { crop, padToMultiple } from './pad.js';
export { pairwiseSum } from './pairwiseSum.js';
export { type Precomputed, precomputed } from './precomputed.js';
export { decodeSafetensors, encodeSafetensors, type StoredTensor, type TensorFile } from './safetensors.js';
export { framesPerPass } from './framesPerPass.js';
export { CLIP_FRAMES, SCALE } from './scale.js';
export { heldOutSeed, initSeed } from './seeds.js';
export { enlargeNearest, sideBySide } from './sideBySide.js';
export { type StoredPair, storedPairs } from './storedPairs.js';
export {
  asksCarriedMemory,
  type Stage,
  type StageConfig,
  stageAt,
  type StageName,
  stageNames,
  type StagesConfig,
  stepsOf,
} from './stages.js';
export type { TrainConfig } from './trainConfig.js';
export type { TrainedModel } from './trainedModel.js';
export { batchShapeAt, type RunParts, type StepRecord, trainingRun } from './trainingRun.js';
export { type ModelParams, type Part, trainState, type TrainState } from './trainState.js';
export { type StepOptions, type StepReport, type StepWatch, trainStep } from './trainStep.js';
export { stateHash } from './stateHash.js';
export { readRecords } from './records.js';
export { upscaleFolder, type UpscaleOptions, type UpscaleProgress } from './upscaleFolder.js';
export {
  bestFile,
  sampleFile,
  type Scores,
  Validation,
  type ValidationConfig,
  type ValidationParts,
  validationFile,
  type ValidationRecord,
} from './validation.js';
export { validationPaths } from './validationClips.js';
export { warmStart } from './warmStart.js';
export { type ClipOptions, OutputError, upscaleClip, type UpscaledClip } from './upscaler.js';
export { upscaleVideo, type Video, type VideoPart } from './upscaleVideo.js';

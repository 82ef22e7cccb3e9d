import type { Image } from '../data/index.js';
import { type Cost, free, type PlanningBackend, type Tensor } from '../tensor/index.js';
import type { Batch, BatchShape } from './batch.js';
import { Clips } from './clips.js';
import { framesPerPass } from './framesPerPass.js';
import type { Model } from './model.js';
import { SCALE } from './scale.js';
import { stageNames } from './stages.js';
import type { TrainConfig } from './trainConfig.js';
import type { TrainedModel } from './trainedModel.js';
import { batchShapeAt } from './trainingRun.js';
import type { TrainState } from './trainState.js';
import { trainStep } from './trainStep.js';
import { upscaleClip } from './upscaler.js';

/** Work that comes again and again. */
export interface PlannedWork {
  readonly name: string;
  /** How often it comes. */
  readonly times: number;
  /** Its dispatches. */
  readonly costs: readonly Cost[];
}

/** What work will take, found without doing it. */
export interface Footprint {
  /** Bytes of all buffers on the device, at their most. */
  readonly bytes: number;
  /** Bytes of the largest buffer. */
  readonly largest: number;
  readonly work: readonly PlannedWork[];
}

/** Buffers go by turns, and after so many steps of a kind it is known how many they are. */
const STEPS = 6;

/**
 * What a training run will take on a device: its first steps of each stage, planned and not done.
 *
 * @param state training before the first step, on a backend that plans; is freed
 * @throws DeviceError if a tensor is larger than the backend's limits allow
 */
export async function trainingFootprint(
  model: Model,
  config: TrainConfig,
  backend: PlanningBackend,
  state: TrainState,
): Promise<Footprint> {
  const { seed, frames, clipNorm, emaDecay, checkpointing = false, stages } = config;
  const work = new Map<string, PlannedWork>();
  let now = state;
  let first = 0;
  for (const stage of stageNames) {
    const { steps } = stages[stage];
    for (let step = first; step < first + Math.min(steps, STEPS); step++) {
      const shape = batchShapeAt(config, step);
      const options = { seed, frames, stage, checkpointing, lr: 0, clipNorm, emaDecay };
      backend.takeCosts();
      ({ state: now } = await trainStep(model, backend, now, blankBatch(shape), options));
      const name = shape.carried ? `${stage}, second clips` : stage;
      work.set(name, {
        name,
        times: Math.ceil(steps / (stage === 'condenser' ? 1 : 2)),
        costs: backend.takeCosts(),
      });
    }
    first += steps;
  }
  free(now);
  return footprint(backend, [...work.values()]);
}

/** A video, by its size alone. */
export interface VideoSize {
  readonly frames: number;
  /** of LR frames, in pixels */
  readonly width: number;
  readonly height: number;
}

/**
 * What upscaling a video will take on a device: its first two clips, planned and not done.
 *
 * @param model on the backend
 * @param length frames that the network is given at once; `framesPerPass` if left out
 * @param samples of each clip, whose mean is taken
 * @throws DeviceError if a tensor is larger than the backend's limits allow
 */
export async function upscalingFootprint(
  model: TrainedModel,
  backend: PlanningBackend,
  { frames, width, height }: VideoSize,
  {
    length: wanted,
    overlap = 0,
    samples = 1,
  }: { readonly length?: number; readonly overlap?: number; readonly samples?: number } = {},
): Promise<Footprint> {
  const length = framesPerPass(model, frames, width, height, wanted);
  const clips = new Clips(frames, length, overlap);
  let costs: readonly Cost[] = [];
  let memory: { textures?: Tensor } = {};
  for (let clip = 0; clip < Math.min(clips.count, 2); clip++) {
    const { first, end } = clips.range(clip);
    const lr = Array.from({ length: end - first }, () => blankImage(width, height));
    const enlarge = (): Image[] => lr.map(() => blankImage(width * SCALE, height * SCALE));
    backend.takeCosts();
    const { textures } = await upscaleClip(model, lr, first, length, {
      seed: 0,
      samples,
      enlarge,
      ...memory,
    });
    costs = backend.takeCosts();
    free(memory);
    memory = textures ? { textures } : {};
  }
  free(memory);
  return footprint(backend, [{ name: `clip of ${length} frames`, times: clips.count, costs }]);
}

const footprint = (backend: PlanningBackend, work: readonly PlannedWork[]): Footprint => ({
  bytes: backend.memory().reserved,
  largest: backend.largestBuffer,
  work,
});

const blankImage = (width: number, height: number): Image => ({
  width,
  height,
  data: new Uint8Array(3 * width * height),
});

/** A batch of zeros. */
function blankBatch({ clips, frames, crop, carried = false }: BatchShape): Batch {
  const n = clips * frames;
  const zeros = (side: number): Float32Array => new Float32Array(n * 3 * side ** 2);
  const batch = { hr: zeros(crop), upscaled: zeros(crop), lr: zeros(crop / 4), n, size: crop };
  return carried ? { ...batch, previous: batch } : batch;
}

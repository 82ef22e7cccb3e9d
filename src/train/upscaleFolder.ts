import { dirname, resolve } from 'node:path';
import { InputError, readClip } from '../data/index.js';
import type { MeanOptions } from '../diffusion/index.js';
import { tensor, type Tensor } from '../tensor/index.js';
import { type CheckedFrames, frameName } from './checkedFrames.js';
import { Clips } from './clips.js';
import { framesPerPass } from './framesPerPass.js';
import { OutputFolder } from './outputFolder.js';
import type { Precomputed } from './precomputed.js';
import type { StoredTensor } from './safetensors.js';
import { sha256 } from './sha256.js';
import { textOfTextures, texturesOfText } from './storedTextures.js';
import type { TrainedModel } from './trainedModel.js';
import { upscaleVideo } from './upscaleVideo.js';

/** How far a run has come. */
export interface UpscaleProgress {
  /** Frames that an earlier run has finished. */
  readonly skipped: number;
  /** Frames that are in the folder by now, those among them. */
  readonly finished: number;
  /** Share of this run's work that is done, 0 … 1: steps of the network. */
  readonly work: number;
}

export interface UpscaleOptions extends Omit<MeanOptions, 'onStep'> {
  /** Frames that the network is given at once; `framesPerPass` if left out. */
  readonly length?: number;
  /** Frames that a clip shares with the next one, fewer than it has; 0 if left out. */
  readonly overlap?: number;
  /** Ī^LR; bicubic if left out. */
  readonly upscaled?: Precomputed;
  readonly overwrite: boolean;
  /** Hash of the weights. */
  readonly weights: string;
  /** Called, and waited for, before the first step, after each step and after each clip. What it throws ends the run. */
  readonly onProgress?: (progress: UpscaleProgress) => unknown;
}

/**
 * Upscales a video from folder to folder, clip by clip, in memory that does not grow with its length. What an earlier
 * run with the same input, weights, options and device has finished is not computed again, and the pixels are those of
 * a run without interruption: the memory of CaTeGory is kept with the frames. Frames that are gone or were changed are
 * made again, with all clips before them whose memory is not kept any more.
 *
 * @returns numbers of frames written, and found finished
 * @throws InputError, DeviceError, OutputError
 * @throws RangeError if clips would not get on
 */
export async function upscaleFolder(
  model: TrainedModel,
  { paths, digest, width, height }: CheckedFrames,
  out: string,
  { length: wanted, overlap = 0, upscaled, overwrite, weights, onProgress, ...sampler }: UpscaleOptions,
): Promise<{ written: number; skipped: number }> {
  if (resolve(dirname(paths[0])) === resolve(out))
    throw new InputError(`${out}: expected a folder other than the input, got the same; name another one`);
  const { backend, schedule, precision } = model;
  const length = framesPerPass(model, paths.length, width, height, wanted);
  const clips = new Clips(paths.length, length, overlap);
  const made = { digest, upscaled: upscaled?.digest ?? 'bicubic', weights, schedule, length, overlap };
  const { seed, rule = 'corrected', samples = 1 } = sampler;
  const key = sha256(
    JSON.stringify({ ...made, seed, rule, samples, device: backend.description, precision }),
  );
  const folder = OutputFolder.open(out, key, overwrite);
  const names = paths.map(frameName);

  const missing = new Set(names.flatMap((name, frame) => (folder.has(name) ? [] : [frame])));
  const skipped = paths.length - missing.size;
  const kept = keptTextures(folder, model.memory()?.textures);
  const plan = planOf(clips, missing, (clip) => kept === undefined || kept.has(clip));
  const progress = (clipsDone: number): UpscaleProgress => ({
    skipped,
    finished: paths.length - missing.size,
    work: clipsDone / plan.length,
  });
  if (plan.length > 0) await onProgress?.(progress(0));

  let done = 0;
  let steps = 0; // of the clip that is being made
  const parts = upscaleVideo(
    model,
    { clips, read: (first, end) => readClip(paths.slice(first, end)) },
    plan,
    (clip) => restored(model, kept?.get(clip)),
    {
      ...sampler,
      ...(upscaled && { enlarge: upscaled.enlarge }),
      onStep: () => onProgress?.(progress(done + ++steps / (samples * schedule.T + 1))),
    },
  );
  let memory = folder.memory;
  for await (const { clip, finished, textures } of parts) {
    const fresh = finished.filter(([frame]) => missing.delete(frame));
    if (textures) memory = { ...memory, [clip + 1]: await textOfTextures(textures) };
    memory = needed(memory, clips, missing);
    folder.write(
      fresh.map(([frame, image]) => [names[frame], image] as const),
      memory,
    );
    steps = 0;
    await onProgress?.(progress(++done));
  }
  return { written: paths.length - skipped, skipped };
}

/** The memories before clips from the first one on that a missing frame is in. */
function needed(memory: OutputFolder['memory'], clips: Clips, missing: ReadonlySet<number>): typeof memory {
  const [next] = missing;
  if (missing.size === 0) return {};
  const [from] = clips.covering(next);
  return Object.fromEntries(Object.entries(memory).filter(([clip]) => Number(clip) >= from));
}

/** T before some clips, as an earlier run left it; `undefined` for a network without memory. */
function keptTextures(
  { memory }: OutputFolder,
  learned: Tensor | undefined,
): ReadonlyMap<number, StoredTensor> | undefined {
  if (!learned) return undefined;
  const read = Object.entries(memory).map(
    ([clip, text]) => [Number(clip), texturesOfText(text, learned.shape)] as const,
  );
  return new Map(read.filter((entry): entry is [number, StoredTensor] => entry[1] !== undefined));
}

const restored = ({ backend }: TrainedModel, stored: StoredTensor | undefined): Tensor | undefined =>
  stored && tensor(backend, stored.shape, stored.values);

/**
 * The clips to compute, ascending: those that a missing frame is in, and before each of them, for the memory, those back
 * to one before which the memory is known.
 */
function planOf(clips: Clips, missing: Iterable<number>, known: (clip: number) => boolean): number[] {
  const plan = new Set<number>();
  for (const frame of missing)
    for (const wanted of clips.covering(frame))
      for (let clip = wanted; !plan.has(clip); clip--) {
        plan.add(clip);
        if (clip === 0 || known(clip)) break;
      }
  return [...plan].sort((a, b) => a - b);
}

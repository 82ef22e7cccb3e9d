import { basename, dirname, resolve } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { type Image, InputError, readClip, readPng } from '../data/index.js';
import type { SamplerOptions } from '../diffusion/index.js';
import { framesPerPass } from './framesPerPass.js';
import { OutputFolder } from './outputFolder.js';
import { sha256, sha256File } from './sha256.js';
import type { TrainedModel } from './trainedModel.js';
import { upscaleClip } from './upscaler.js';

/** LR frames on disk, every one of them read once and found good. */
export interface CheckedFrames {
  readonly paths: readonly string[];
  /** Hash of all files and their names. */
  readonly digest: string;
  readonly width: number;
  readonly height: number;
}

/**
 * Reads every frame once, so that bad input is found before anything is written. Keeps none.
 *
 * @throws InputError for the first frame that cannot be read or differs in size, or for two of one name
 */
export function checkFrames(paths: readonly string[]): CheckedFrames {
  const first = readPng(paths[0]);
  const names = new Map<string, string>();
  for (const path of paths) {
    readClip([paths[0], path], (p) => (p === paths[0] ? first : readPng(p)));
    const name = outputName(path);
    if (names.has(name))
      throw new InputError(`${path}: its result would replace that of ${names.get(name)}; rename one`);
    names.set(name, path);
  }
  const digest = sha256(paths.map((path) => `${basename(path)} ${sha256File(path)}\n`).join(''));
  return { paths, digest, width: first.width, height: first.height };
}

const outputName = (path: string): string => basename(path).replace(/\.png$/i, '.png');

export interface UpscaleOptions extends SamplerOptions {
  /** Frames that the network is given at once; as many as fit, up to a clip, if left out. */
  readonly length?: number;
  readonly overwrite: boolean;
  /** Hash of the weights. */
  readonly weights: string;
  /** Called after each clip with the number of frames done so far, those skipped among them. */
  readonly onClip?: (done: number, skipped: number) => void;
}

/**
 * Upscales a video from folder to folder, clip by clip, in memory that does not grow with its length. Clips that
 * an earlier run with the same input, weights, options and device has finished are skipped.
 *
 * @returns numbers of frames written and skipped
 * @throws InputError, DeviceError, OutputError
 */
export async function upscaleFolder(
  model: TrainedModel,
  { paths, digest, width, height }: CheckedFrames,
  out: string,
  { length: wanted, overwrite, weights, onClip, ...sampler }: UpscaleOptions,
): Promise<{ written: number; skipped: number }> {
  if (resolve(dirname(paths[0])) === resolve(out))
    throw new InputError(`${out}: expected a folder other than the input, got the same; name another one`);
  const length = wanted ?? framesPerPass(model, paths.length, width, height);
  const { seed, rule } = sampler;
  const device = model.backend.description;
  const key = sha256(JSON.stringify({ digest, weights, seed, rule, length, device }));
  const folder = OutputFolder.open(out, key, overwrite);
  let skipped = 0;
  // Algorithm 1, line 4
  for (let first = 0; first < paths.length; first += length) {
    const clip = paths.slice(first, first + length);
    if (clip.every((path) => folder.has(outputName(path)))) skipped += clip.length;
    else {
      const frames: Image[] = await upscaleClip(model, readClip(clip), first, length, sampler);
      folder.write(clip.map((path, i) => [outputName(path), frames[i]] as const));
    }
    onClip?.(first + clip.length, skipped);
    await turn(); // lets Ctrl-C through
  }
  return { written: paths.length - skipped, skipped };
}

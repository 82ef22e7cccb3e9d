/** seeclear upscale — a video, four times larger. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { type Encoding, encodeVideo, frameRate, framesOf, InputError, isVideoFile } from '../data/index.js';
import { PlanningBackend } from '../tensor/index.js';
import {
  checkFrames,
  discardFrames,
  loadModel,
  loadWeights,
  precomputed,
  SCALE,
  upscaleFolder,
  upscalingFootprint,
} from '../train/index.js';
import { command } from './command.js';
import { Interrupted, UsageError } from './errors.js';
import { shippedWeights } from './installation.js';
import type { Io } from './io.js';
import { checkMemory, memoryOf, memoryOption } from './memoryOption.js';
import { deviceOf, deviceOption } from './options.js';
import { checkPrecision, precisionOf, precisionOption } from './precisionOption.js';
import { Progress } from './progress.js';
import { sampledBy, samplerOf, samplerOptions } from './samplerOptions.js';
import { unpack } from './unpack.js';
import { withBackend } from './withBackend.js';

export const upscale = command({
  name: 'upscale',
  summary: 'enlarge a video four times: a folder of PNG frames, or a video file',
  usage: 'IN -o OUT [options]',
  description: [
    'Upscales the PNG frames in folder IN, one video, to frames of the same names in folder OUT. All frames are',
    'checked before anything is written. Run again after an interruption, it goes on where it was, to the same',
    'pixels: finished clips whose input, weights, options and device are the same are skipped.',
    'IN may be a video file, which ffmpeg unpacks first (to at most 20 GiB of frames: SEECLEAR_CACHE_GIB). OUT then may',
    'be one too: of the mean frame rate of IN and with its sound. Its frames lie in OUT.frames until it is written.',
  ].join('\n'),
  options: {
    output: {
      type: 'string',
      short: 'o',
      value: 'OUT',
      help: 'folder for the results, made if missing; or a video file, if IN is one',
    },
    weights: {
      type: 'string',
      value: 'FILE',
      default: shippedWeights,
      help: 'weights made by seeclear train',
    },
    upscaled: {
      type: 'string',
      value: 'FOLDER',
      help: 'start from the frames here, 4 times as large and of the same names, in place of bicubic ones',
    },
    ...samplerOptions,
    ...precisionOption,
    overwrite: { type: 'boolean', help: 'take over an OUT that holds other files' },
    ...memoryOption,
    ...deviceOption,
  },
  positionals: [1, 1],
  async run({ values, positionals: [input] }, io) {
    const out = values.output;
    if (out === undefined)
      throw new UsageError('expected -o OUT, a folder or video file for the results, got none');
    const video = isVideoFile(out) ? await videoOutput(input, out, values.overwrite) : undefined;
    const folder = video?.frames ?? out;
    const device = deviceOf(values);
    const sampler = samplerOf(values);
    const precision = precisionOf(values);
    await unpack([input], io);
    const frames = checkFrames(framesOf(input));
    const upscaled =
      values.upscaled === undefined
        ? {}
        : { upscaled: precomputed(values.upscaled, frames.paths, frames.width, frames.height) };
    const weights = loadWeights(values.weights);
    const memory = memoryOf(values);
    if (memory !== undefined) {
      const planning = new PlanningBackend();
      const size = { frames: frames.paths.length, width: frames.width, height: frames.height };
      const model = loadModel(planning, weights, precision);
      checkMemory((await upscalingFootprint(model, planning, size, sampler)).bytes, memory);
    }
    await withBackend(device, io, async (backend) => {
      checkPrecision(backend, precision);
      const model = sampledBy(loadModel(backend, weights, precision), sampler);
      const total = frames.paths.length;
      let progress: Progress | undefined;
      const result = await upscaleFolder(model, frames, folder, {
        ...sampler,
        ...upscaled,
        overwrite: values.overwrite,
        weights: weights.digest,
        onProgress: async ({ skipped, finished, work }) => {
          await turn(); // lets Ctrl-C through
          if (io.signal.aborted && work < 1)
            throw new Interrupted(
              `interrupted after ${finished} of ${total} frames; run the same command again to go on`,
            );
          progress ??= new Progress(io, 'frames', total, skipped);
          if (work > 0) progress.show(skipped + (total - skipped) * work);
        },
      });
      if (video) await finish(video, io);
      const size = { width: frames.width * SCALE, height: frames.height * SCALE };
      if (values.json) io.out(JSON.stringify({ out, ...result, ...size, device: backend.description }));
      else
        io.out(
          `${result.written} frames of ${size.width} x ${size.height} written to ${video ? out : join(out, '')}` +
            (result.skipped > 0 ? `, ${result.skipped} were there already` : ''),
        );
    });
  },
});

/**
 * What becomes of the frames of a video file.
 *
 * @throws UsageError if the input is a folder, whose frame rate nobody knows; InputError if the output is there
 */
async function videoOutput(input: string, output: string, overwrite: boolean): Promise<Encoding> {
  if (!isVideoFile(input))
    throw new UsageError(`-o: expected a folder, as IN is no video file, got ${output}`);
  if (existsSync(output) && !overwrite)
    throw new InputError(
      `${output}: expected no file of that name, got one; name another one, or add --overwrite`,
    );
  return { frames: `${output}.frames`, rate: await frameRate(input), sound: input, output };
}

/** Encodes the frames, which are not needed after that. @throws Interrupted after Ctrl-C, with the frames kept */
async function finish(video: Encoding, io: Io): Promise<void> {
  io.err(`${video.output}: encoding`);
  await encodeVideo(video, () => {
    if (io.signal.aborted)
      throw new Interrupted('interrupted while encoding; run the same command again to go on');
  });
  discardFrames(video.frames);
}

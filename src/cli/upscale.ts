/** seeclear upscale — a folder of PNG frames, four times larger. */
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { listFrames } from '../data/index.js';
import { checkFrames, loadModel, loadWeights, precomputed, SCALE, upscaleFolder } from '../train/index.js';
import { command } from './command.js';
import { Interrupted, UsageError } from './errors.js';
import { shippedWeights } from './installation.js';
import { deviceOf, deviceOption } from './options.js';
import { Progress } from './progress.js';
import { sampledBy, samplerOf, samplerOptions } from './samplerOptions.js';
import { withBackend } from './withBackend.js';

export const upscale = command({
  name: 'upscale',
  summary: 'enlarge a folder of PNG frames four times',
  usage: 'IN -o OUT [options]',
  description: [
    'Upscales the PNG frames in folder IN, one video, to frames of the same names in folder OUT. All frames are',
    'checked before anything is written. Run again after an interruption, it goes on where it was, to the same',
    'pixels: finished clips whose input, weights, options and device are the same are skipped.',
  ].join('\n'),
  options: {
    output: { type: 'string', short: 'o', value: 'OUT', help: 'folder for the results; made if missing' },
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
    overwrite: { type: 'boolean', help: 'take over an OUT that holds other files' },
    ...deviceOption,
  },
  positionals: [1, 1],
  async run({ values, positionals: [input] }, io) {
    const out = values.output;
    if (out === undefined) throw new UsageError('expected -o OUT, a folder for the results, got none');
    const device = deviceOf(values);
    const { steps, ...sampler } = samplerOf(values);
    const frames = checkFrames(listFrames(input));
    const upscaled =
      values.upscaled === undefined
        ? {}
        : { upscaled: precomputed(values.upscaled, frames.paths, frames.width, frames.height) };
    const weights = loadWeights(values.weights);
    await withBackend(device, io, async (backend) => {
      const model = sampledBy(loadModel(backend, weights), { ...sampler, ...(steps && { steps }) });
      const total = frames.paths.length;
      let progress: Progress | undefined;
      const result = await upscaleFolder(model, frames, out, {
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
      const size = { width: frames.width * SCALE, height: frames.height * SCALE };
      if (values.json) io.out(JSON.stringify({ out, ...result, ...size, device: backend.description }));
      else
        io.out(
          `${result.written} frames of ${size.width} x ${size.height} written to ${join(out, '')}` +
            (result.skipped > 0 ? `, ${result.skipped} were there already` : ''),
        );
    });
  },
});

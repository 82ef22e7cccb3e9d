/** seeclear upscale — a folder of PNG frames, four times larger. */
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { listFrames } from '../data/index.js';
import { checkFrames, framesPerPass, loadModel, loadWeights, SCALE, upscaleFolder } from '../train/index.js';
import { command } from './command.js';
import { Interrupted, UsageError } from './errors.js';
import { shippedWeights } from './installation.js';
import { deviceOf, deviceOption } from './options.js';
import { Progress } from './progress.js';
import { samplerOptions, samplerOf } from './samplerOptions.js';
import { withBackend } from './withBackend.js';

export const upscale = command({
  name: 'upscale',
  summary: 'enlarge a folder of PNG frames four times',
  usage: 'IN -o OUT [options]',
  description: [
    'Upscales the PNG frames in folder IN, one video, to frames of the same names in folder OUT. All frames are',
    'checked before anything is written. Run again after an interruption, it goes on where it was: finished',
    'clips whose input, weights, options and device are the same are skipped.',
  ].join('\n'),
  options: {
    output: { type: 'string', short: 'o', value: 'OUT', help: 'folder for the results; made if missing' },
    weights: {
      type: 'string',
      value: 'FILE',
      default: shippedWeights,
      help: 'weights made by seeclear train',
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
    const sampler = samplerOf(values);
    const frames = checkFrames(listFrames(input));
    const weights = loadWeights(values.weights);
    await withBackend(device, io, async (backend) => {
      const model = loadModel(backend, weights);
      const total = frames.paths.length;
      const rest = `run the same command again to go on`;
      let progress = new Progress(io, 'frames', total);
      let finished = 0;
      const pass = Math.min(
        sampler.length ?? framesPerPass(model, frames.paths.length, frames.width, frames.height),
        total,
      );
      const result = await upscaleFolder(model, frames, out, {
        ...sampler,
        length: pass,
        overwrite: values.overwrite,
        weights: weights.digest,
        onStep: async (t) => {
          await turn(); // lets Ctrl-C through
          if (io.signal.aborted)
            throw new Interrupted(`interrupted after ${finished} of ${total} frames; ${rest}`);
          progress.show(finished + Math.min(pass, total - finished) * (1 - (t - 1) / model.schedule.T));
        },
        onClip: (done, skipped) => {
          if (skipped === done) progress = new Progress(io, 'frames', total, skipped);
          finished = done;
          if (io.signal.aborted && done < total)
            throw new Interrupted(`interrupted after ${done} of ${total} frames; ${rest}`);
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

/** seeclear demo — the main job without arguments, on a clip drawn here. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { type Image, listFrames, readClip, writePng } from '../data/index.js';
import {
  bicubic,
  checkFrames,
  CLIP_FRAMES,
  enlargeNearest,
  heldOutPair,
  loadModel,
  loadWeights,
  qualities,
  SCALE,
  sideBySide,
  upscaleFolder,
} from '../train/index.js';
import { command } from './command.js';
import { Interrupted } from './errors.js';
import { shippedWeights } from './installation.js';
import { deviceOf, deviceOption } from './options.js';
import { checkPrecision, precisionOf, precisionOption } from './precisionOption.js';
import { Progress } from './progress.js';
import { sampledBy, stepsOf, stepsOption } from './samplerOptions.js';
import { comparisonTable } from './table.js';
import { integer } from './values.js';
import { withBackend } from './withBackend.js';

/** What an adapter does in seconds, and the float64 reference in a minute. */
const usual = { size: 256, frames: CLIP_FRAMES };
const least = { size: 32, frames: 1 };

export const demo = command({
  name: 'demo',
  summary: 'upscale a small clip that we draw, and compare',
  usage: '[options]',
  description: [
    'Draws a procedural clip that no training has seen, makes an LR clip of it, upscales that with the shipped',
    'weights, and writes all frames and a picture of the four side by side: LR, bicubic, ours, HR.',
  ].join('\n'),
  options: {
    output: {
      type: 'string',
      short: 'o',
      value: 'OUT',
      default: 'seeclear-demo',
      help: 'folder for the results',
    },
    size: {
      type: 'string',
      value: 'N',
      default: 'auto',
      help: `side of the HR frames in pixels, a multiple of 4; auto: ${usual.size}, on the CPU backend ${least.size}`,
    },
    frames: {
      type: 'string',
      value: 'N',
      default: 'auto',
      help: `frames of the clip; auto: ${usual.frames}, on the CPU backend ${least.frames}`,
    },
    weights: {
      type: 'string',
      value: 'FILE',
      default: shippedWeights,
      help: 'weights made by seeclear train',
    },
    ...stepsOption,
    ...precisionOption,
    ...deviceOption,
  },
  positionals: [0, 0],
  async run({ values }, io) {
    const device = deviceOf(values);
    const wanted = {
      size: values.size === 'auto' ? undefined : integer('size', values.size, 32, 1024),
      frames: values.frames === 'auto' ? undefined : integer('frames', values.frames, 1, 100),
    };
    const steps = stepsOf(values);
    const precision = precisionOf(values);
    const weights = loadWeights(values.weights);
    const out = (part: string): string => join(values.output, part);
    await withBackend(device, io, async (backend) => {
      checkPrecision(backend, precision);
      const auto = backend.kind === 'cpu' ? least : usual;
      const { size = auto.size, frames = auto.frames } = wanted;
      const { hr, lr } = heldOutPair(0, frames, size);
      const enlarged = bicubic(lr, 0);
      writeFrames(out('lr'), lr);
      writeFrames(out('bicubic'), enlarged);
      writeFrames(out('hr'), hr);
      const model = sampledBy(loadModel(backend, weights, precision), steps);
      const progress = new Progress(io, 'frames', frames);
      await upscaleFolder(model, checkFrames(listFrames(out('lr')).slice(0, frames)), out('ours'), {
        seed: 0,
        overwrite: true,
        weights: weights.digest,
        onProgress: async ({ skipped, work }) => {
          await turn(); // lets Ctrl-C through
          if (io.signal.aborted) throw new Interrupted('interrupted');
          if (work > 0) progress.show(skipped + (frames - skipped) * work);
        },
      });
      const ours = readClip(listFrames(out('ours')).slice(0, frames));
      const picture = out('side-by-side.png');
      writePng(picture, sideBySide([enlargeNearest(lr[0], SCALE), enlarged[0], ours[0], hr[0]]));
      const row = { name: 'demo', frames, ours: qualities(ours, hr), bicubic: qualities(enlarged, hr) };
      if (values.json)
        io.out(JSON.stringify({ ...row, out: values.output, picture, device: backend.description }));
      else {
        comparisonTable([row]).forEach((line) => io.out(line));
        io.out(`${picture}: LR, bicubic, ours, HR; frames in ${out('ours')}`);
      }
    });
  },
});

function writeFrames(folder: string, frames: readonly Image[]): void {
  mkdirSync(folder, { recursive: true });
  frames.forEach((frame, i) => writePng(join(folder, `${String(i).padStart(4, '0')}.png`), frame));
}

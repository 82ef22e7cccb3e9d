/** seeclear eval — PSNR and SSIM against bicubic. */
import {
  compare,
  type Comparison,
  folderPair,
  heldOutPair,
  loadModel,
  loadWeights,
  meanOf,
  type Pair,
} from '../train/index.js';
import { command } from './command.js';
import { Interrupted, UsageError } from './errors.js';
import { shippedWeights } from './installation.js';
import { deviceOf, deviceOption } from './options.js';
import { Progress } from './progress.js';
import { samplerOf, samplerOptions } from './samplerOptions.js';
import { comparisonTable } from './table.js';
import { integer } from './values.js';
import { withBackend } from './withBackend.js';

export const evaluate = command({
  name: 'eval',
  summary: 'PSNR and SSIM of upscaling, beside bicubic',
  usage: '[FOLDER ...] [--procedural N] [options]',
  description: [
    'Each FOLDER is one video: HR frames as PNG, which are degraded by MATLAB bicubic, or a folder that holds hr',
    'and lr_x4. Prints PSNR in dB and SSIM, means over frames without border cropping, on Y (BT.601) and RGB.',
  ].join('\n'),
  options: {
    procedural: {
      type: 'string',
      value: 'N',
      default: '0',
      help: 'videos drawn by us that no training has seen',
    },
    size: { type: 'string', value: 'N', default: '256', help: 'side of those in HR pixels' },
    most: { type: 'string', value: 'N', default: '5', help: 'frames of each video, from the first' },
    weights: {
      type: 'string',
      value: 'FILE',
      default: shippedWeights,
      help: 'weights made by seeclear train',
    },
    ...samplerOptions,
    ...deviceOption,
  },
  positionals: [0, 1000],
  async run({ values, positionals }, io) {
    const device = deviceOf(values);
    const count = integer('procedural', values.procedural, 0);
    const size = integer('size', values.size, 32, 4096);
    const most = integer('most', values.most, 1);
    if (count + positionals.length === 0)
      throw new UsageError('expected a FOLDER of HR frames or --procedural N, got neither');
    const { length, ...sampler } = samplerOf(values);
    const weights = loadWeights(values.weights);
    const videos: (() => Pair)[] = [
      ...positionals.map((path) => () => folderPair(path, most)),
      ...Array.from({ length: count }, (_, i) => () => heldOutPair(i, most, size)),
    ];
    await withBackend(device, io, async (backend) => {
      const model = loadModel(backend, weights);
      const progress = new Progress(io, 'videos', videos.length);
      const rows: Comparison[] = [];
      for (const video of videos) {
        const onStep = (): void => {
          if (io.signal.aborted)
            throw new Interrupted(`interrupted after ${rows.length} of ${videos.length} videos`);
        };
        rows.push(await compare(model, video(), { ...sampler, onStep }, length));
        progress.show(rows.length);
      }
      const mean = meanOf(rows);
      if (values.json)
        io.out(
          JSON.stringify({
            rows,
            mean,
            weights: weights.digest,
            device: backend.description,
            ...sampler,
          }),
        );
      else comparisonTable(rows.length > 1 ? [...rows, mean] : rows).forEach((line) => io.out(line));
    });
  },
});

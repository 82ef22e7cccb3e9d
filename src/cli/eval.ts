/** seeclear eval — PSNR, SSIM and tdE against bicubic. */
import {
  compare,
  type Comparison,
  type Enlarger,
  heldOutPair,
  loadModel,
  loadWeights,
  meanOf,
  type Pair,
  precomputed,
  storedPairs,
} from '../train/index.js';
import { command } from './command.js';
import { Interrupted, UsageError } from './errors.js';
import { shippedWeights } from './installation.js';
import { deviceOf, deviceOption } from './options.js';
import { checkPrecision, precisionOf, precisionOption } from './precisionOption.js';
import { Progress } from './progress.js';
import { sampledBy, samplerOf, samplerOptions } from './samplerOptions.js';
import { comparisonTable } from './table.js';
import { unpack } from './unpack.js';
import { integer } from './values.js';
import { withBackend } from './withBackend.js';

/** A video to evaluate on, and what enlarges its LR frames if not bicubic interpolation. */
interface Input {
  readonly pair: Pair;
  readonly enlarge?: Enlarger;
}

export const evaluate = command({
  name: 'eval',
  summary: 'PSNR, SSIM and tdE of upscaling, beside bicubic',
  usage: '[IN ...] [--procedural N] [options]',
  description: [
    'Each IN is a folder of PNG frames, a video file, a folder of either, or a data set, whose test split is taken: REDS',
    '(REDS4), Vimeo-90K, Vid4. HR frames are degraded by MATLAB bicubic where there are no LR frames: in lr_x4 beside',
    'hr, or where data sets have them (docs/data.md). Prints PSNR in dB and SSIM, means over frames without border',
    'cropping, on Y (BT.601) and RGB; and the temporal difference error tdE on Y: how far, in 8-bit steps, changes',
    'between frames are off. Less is better.',
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
    upscaled: {
      type: 'string',
      value: 'DIR',
      help: 'start from the frames here, 4 times as large and of the same names, in place of bicubic ones; one IN',
    },
    ...samplerOptions,
    ...precisionOption,
    ...deviceOption,
  },
  positionals: [0, 1000],
  async run({ values, positionals }, io) {
    const device = deviceOf(values);
    const count = integer('procedural', values.procedural, 0);
    const size = integer('size', values.size, 32, 4096);
    const most = integer('most', values.most, 1);
    if (count + positionals.length === 0)
      throw new UsageError('expected IN, a folder of HR frames, or --procedural N, got neither');
    const upscaledFrames = values.upscaled;
    if (upscaledFrames !== undefined && (count !== 0 || positionals.length !== 1))
      throw new UsageError('--upscaled: expected one IN, whose frames it has, and no --procedural');
    const sampler = samplerOf(values);
    const precision = precisionOf(values);
    const weights = loadWeights(values.weights);
    await unpack(positionals, io);
    const stored = positionals.flatMap((path) => storedPairs(path, most));
    if (upscaledFrames !== undefined && stored.length !== 1)
      throw new UsageError(`--upscaled: expected one video, got ${stored.length} in ${positionals[0]}`);
    const videos: (() => Input)[] = [
      ...stored.map((load) => () => {
        const pair = load();
        if (upscaledFrames === undefined) return { pair };
        const [{ width, height }] = pair.lr;
        return { pair, enlarge: precomputed(upscaledFrames, pair.paths, width, height, most).enlarge };
      }),
      ...Array.from({ length: count }, (_, i) => () => ({ pair: heldOutPair(i, most, size) })),
    ];
    await withBackend(device, io, async (backend) => {
      checkPrecision(backend, precision);
      const model = sampledBy(loadModel(backend, weights, precision), sampler);
      const progress = new Progress(io, 'videos', videos.length);
      const rows: Comparison[] = [];
      for (const video of videos) {
        const onStep = (): void => {
          if (io.signal.aborted)
            throw new Interrupted(`interrupted after ${rows.length} of ${videos.length} videos`);
        };
        const { pair, ...enlarger } = video();
        rows.push(await compare(model, pair, { ...sampler, ...enlarger, onStep }));
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
            precision,
            ...sampler,
            steps: model.schedule.T,
          }),
        );
      else comparisonTable(rows.length > 1 ? [...rows, mean] : rows).forEach((line) => io.out(line));
    });
  },
});

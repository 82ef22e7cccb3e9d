/** seeclear plan — what a training run or a video will take of a device, before anything runs. */
import { framesOf } from '../data/index.js';
import { showBytes, showSeconds } from '../report/index.js';
import { type Backend, type ElementType, openBackend, PlanningBackend } from '../tensor/index.js';
import {
  checkFrames,
  type Footprint,
  loadModel,
  loadWeights,
  measureRates,
  type Rates,
  secondsOf,
  trainingFootprint,
  upscalingFootprint,
  type VideoSize,
} from '../train/index.js';
import { command, type Command } from './command.js';
import { exitCodes, UsageError } from './errors.js';
import { shippedWeights } from './installation.js';
import type { Io } from './io.js';
import { checkMemory, memoryOf, memoryOption } from './memoryOption.js';
import { deviceOf, deviceOption, type ValuesOf } from './options.js';
import { checkPrecision, precisionOf, precisionOption } from './precisionOption.js';
import { sampledBy, samplerOf, samplerOptions } from './samplerOptions.js';
import { alignColumns } from './table.js';
import { newRun, trainSettings } from './trainSettings.js';
import { unpack } from './unpack.js';
import { integer } from './values.js';

const about = [
  'Memory is exact for our buffers: the same code plans them here and on the device, which needs some more for itself.',
  'Time is a sum over dispatches, from what the device does in a few seconds of measuring; --device cpu leaves it out.',
  'What does not fit in --memory, or exceeds what the device allows, is refused with exit status 4.',
].join('\n');

const planTrain = command({
  name: 'plan train',
  summary: 'what a training run takes',
  usage: '[options of seeclear train]',
  description: `Plans a training run, as seeclear train would do it with the same options.\n${about}`,
  options: { ...trainSettings, ...memoryOption, ...deviceOption },
  positionals: [0, 0],
  async run({ values }, io) {
    const { config, model, start } = newRun(values);
    await planned(values, config.precision ?? 'f32', io, (backend) =>
      trainingFootprint(model, config, backend, start(backend).state),
    );
  },
});

const planUpscale = command({
  name: 'plan upscale',
  summary: 'what a video takes',
  usage: '(IN | --size WxH --frames N) [options of seeclear upscale]',
  description: `Plans the upscaling of IN, a folder of PNG frames or a video file, or of N frames of W x H.\n${about}`,
  options: {
    size: { type: 'string', value: 'WxH', help: 'width and height of the LR frames in pixels' },
    frames: { type: 'string', value: 'N', help: 'frames of the video' },
    weights: {
      type: 'string',
      value: 'FILE',
      default: shippedWeights,
      help: 'weights made by seeclear train',
    },
    ...samplerOptions,
    ...precisionOption,
    ...memoryOption,
    ...deviceOption,
  },
  positionals: [0, 1],
  async run({ values, positionals }, io) {
    const video = await videoOf(positionals.at(0), values, io);
    const sampler = samplerOf(values);
    const precision = precisionOf(values);
    const weights = loadWeights(values.weights);
    await planned(values, precision, io, (backend) => {
      const model = sampledBy(loadModel(backend, weights, precision), sampler);
      return upscalingFootprint(model, backend, video, sampler);
    });
  },
});

const kinds = { train: planTrain, upscale: planUpscale };

export const plan: Command = {
  name: 'plan',
  summary: 'memory and time of training or upscaling, before anything runs',
  help: [planTrain.help, planUpscale.help].join('\n\n'),
  run([kind, ...rest], io) {
    if (kind === '--help' || kind === '-h') {
      io.out(this.help);
      return Promise.resolve(exitCodes.done);
    }
    if (kind !== 'train' && kind !== 'upscale')
      throw new UsageError(`expected one of ${Object.keys(kinds).join(', ')}, got '${kind}'`);
    return kinds[kind].run(rest, io);
  },
};

/** Plans for the device that is there, prints the result, and refuses what does not fit. */
async function planned(
  values: ValuesOf<typeof memoryOption & typeof deviceOption> & { readonly json: boolean },
  precision: ElementType,
  io: Io,
  footprintOn: (backend: PlanningBackend) => Promise<Footprint>,
): Promise<void> {
  const memory = memoryOf(values);
  const device = await openBackend(deviceOf(values));
  try {
    const onDevice = device.kind === 'gpu';
    if (onDevice) checkPrecision(device, precision);
    const limits = onDevice && { largest: device.largestTensor, device: device.description };
    const footprint = await footprintOn(limits ? new PlanningBackend(limits) : new PlanningBackend());
    const rates = onDevice ? await measureRates(device) : undefined;
    if (values.json) io.out(JSON.stringify(summaryOf(device, footprint, rates)));
    else linesOf(footprint, rates).forEach((line) => io.out(line));
    checkMemory(footprint.bytes, memory);
  } finally {
    device.close();
  }
}

/** One kind of work in numbers. */
interface Row {
  readonly name: string;
  readonly times: number;
  readonly dispatches: number;
  readonly multiplyAdds: number;
  readonly bytesMoved: number;
  readonly seconds: number | undefined;
}

const rowsOf = ({ work }: Footprint, rates: Rates | undefined): Row[] =>
  work.map(({ name, times, costs }) => ({
    name,
    times,
    dispatches: costs.length,
    multiplyAdds: costs.reduce((sum, cost) => sum + cost.multiplyAdds, 0),
    bytesMoved: costs.reduce((sum, { bytes }) => sum + bytes, 0),
    seconds: rates && secondsOf(costs, rates),
  }));

const summaryOf = (device: Backend, footprint: Footprint, rates: Rates | undefined): object => ({
  bytes: footprint.bytes,
  largest: footprint.largest,
  work: rowsOf(footprint, rates),
  ...(rates && { device: device.description, rates }),
});

function linesOf(footprint: Footprint, rates: Rates | undefined): string[] {
  const rows = rowsOf(footprint, rates);
  const table = rows.map(({ name, times, dispatches, multiplyAdds, bytesMoved, seconds }) => [
    name,
    `${times} times`,
    `${dispatches} dispatches`,
    `${(multiplyAdds / 1e9).toFixed(2)} G multiply-adds`,
    `${showBytes(bytesMoved)} moved`,
    seconds === undefined ? '' : `${seconds.toFixed(2)} s`,
  ]);
  const total = rows.reduce((sum, { times, seconds = 0 }) => sum + times * seconds, 0);
  return [
    `memory: ${showBytes(footprint.bytes)} of buffers, the largest ${showBytes(footprint.largest)}`,
    ...alignColumns(table),
    ...(rates ? [`time: about ${showSeconds(total)}`] : []),
  ];
}

/** @throws UsageError unless either a video or size and number of frames are given; InputError for unusable frames */
async function videoOf(
  path: string | undefined,
  values: { size: string | undefined; frames: string | undefined },
  io: Io,
): Promise<VideoSize> {
  const { size, frames } = values;
  if (path !== undefined && size === undefined && frames === undefined) {
    await unpack([path], io);
    const { paths, width, height } = checkFrames(framesOf(path));
    return { frames: paths.length, width, height };
  }
  if (path !== undefined || size === undefined || frames === undefined)
    throw new UsageError('expected a video, or both --size WxH and --frames N');
  const sides = /^(\d+)x(\d+)$/.exec(size);
  if (!sides) throw new UsageError(`--size: expected WIDTHxHEIGHT, got '${size}'`);
  const [width, height] = sides.slice(1).map((side) => integer('size', side, 1, 2 ** 16));
  return { width, height, frames: integer('frames', frames, 1) };
}

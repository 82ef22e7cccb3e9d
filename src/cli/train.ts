/** seeclear train — makes weights. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import {
  BatchPool,
  checkpointFile,
  CheckpointError,
  loadCheckpoint,
  makeModel,
  type ModelSpec,
  modelSpec,
  presetNames,
  PROCEDURAL,
  saveWeights,
  type TrainConfig,
  trainingRun,
  type Checkpoint,
} from '../train/index.js';
import { command } from './command.js';
import { Interrupted, UsageError } from './errors.js';
import { deviceOf, deviceOption, type Options, type ValuesOf } from './options.js';
import { Progress, showBytes } from './progress.js';
import { integer, oneOf, real } from './values.js';
import { withBackend } from './withBackend.js';

/** Options that a checkpoint holds: with --resume they cannot be given again. */
const settings = {
  preset: {
    type: 'string',
    value: 'NAME',
    default: 'small',
    help: `size of the network: ${presetNames.join(', ')}`,
  },
  set: {
    type: 'string',
    value: 'KEY=VALUE',
    multiple: true,
    help: 'override a field of the preset, or diffusion.FIELD',
  },
  data: {
    type: 'string',
    value: 'FOLDER',
    default: PROCEDURAL,
    help: `${PROCEDURAL}, or a folder of PNG videos`,
  },
  steps: { type: 'string', value: 'N', default: '10000', help: 'steps of the optimiser' },
  batch: { type: 'string', value: 'N', default: '8', help: 'clips in a batch' },
  frames: { type: 'string', value: 'N', default: '5', help: 'frames of a clip' },
  crop: { type: 'string', value: 'N', default: '128', help: 'side of the HR crop in pixels' },
  lr: { type: 'string', value: 'X', default: '2e-4', help: 'learning rate after the warm-up' },
  'lr-end': { type: 'string', value: 'X', default: '1e-5', help: 'learning rate of the last step' },
  warmup: { type: 'string', value: 'N', default: '100', help: 'steps of linear rise of the learning rate' },
  clip: { type: 'string', value: 'X', default: '1', help: 'largest norm of the gradient' },
  ema: { type: 'string', value: 'X', default: '0.999', help: 'decay of the average of the weights' },
  seed: {
    type: 'string',
    value: 'N',
    default: '0',
    help: 'seed of clips, noise and initial weights, 0 ... 2^32 - 1',
  },
} as const satisfies Options;

export const train = command({
  name: 'train',
  summary: 'make weights, from procedural clips or your own',
  usage: '--out runs/NAME [options]',
  description: [
    'Trains the network. The folder --out gets metrics.jsonl (a line a step), checkpoint.safetensors, and at the',
    'end weights.safetensors, the average of the weights. The same settings and device give the same bits,',
    'with or without interruptions.',
  ].join('\n'),
  options: {
    out: { type: 'string', value: 'FOLDER', help: 'folder of the run; made if missing' },
    resume: { type: 'boolean', help: 'go on from the checkpoint in --out, with its settings' },
    ...settings,
    'save-every': { type: 'string', value: 'N', default: '1000', help: 'steps between checkpoints' },
    minutes: {
      type: 'string',
      value: 'X',
      help: 'stop after this many minutes with a checkpoint to resume from',
    },
    workers: {
      type: 'string',
      value: 'N',
      default: String(Math.min(8, Math.max(1, availableParallelism() - 2))),
      help: 'threads that prepare batches; they do not change the result',
    },
    f16: { type: 'boolean', help: 'store weights.safetensors in 16 bits' },
    ...deviceOption,
  },
  positionals: [0, 0],
  async run({ values, given }, io) {
    const { out: folder } = values;
    if (folder === undefined) throw new UsageError('expected --out FOLDER, got none');
    const device = deviceOf(values);
    const saveEvery = integer('save-every', values['save-every'], 1);
    const threads = integer('workers', values.workers, 1, 256);
    const minutes = values.minutes === undefined ? Infinity : real('minutes', values.minutes, 0, 1e6);
    const asked = configOf(values);
    const checkpoint = values.resume ? resumable(folder, values, given) : undefined;
    const config = checkpoint?.config ?? asked;
    await withBackend(device, io, async (backend) => {
      const model = makeModel(config.model);
      const start = checkpoint ? model.restore(backend, checkpoint) : model.initial(backend, config.seed);
      io.err(
        `model: ${config.model.preset}, ${model.parameters} parameters; step ${start.adam.step} of ${config.steps}`,
      );
      const { data, seed, frames, crop, batch: clips } = config;
      const pool = new BatchPool({ data, seed, frames, crop, clips, cacheBytes: 2 ** 30 / threads }, threads);
      const progress = new Progress(io, 'steps', config.steps, start.adam.step);
      const deadline = performance.now() + minutes * 60_000;
      try {
        const state = await trainingRun(
          {
            backend,
            ...model,
            config,
            folder,
            saveEvery,
            batch: (step) => pool.batch(step),
            onStep: ({ step, loss, lr, samplesPerSecond, bytes }) =>
              progress.show(
                step,
                `; loss ${loss.toFixed(5)}, lr ${lr.toExponential(2)}, ${samplesPerSecond.toFixed(1)} clips/s, ${showBytes(bytes)} live`,
              ),
            shouldStop: () => io.signal.aborted || performance.now() > deadline,
          },
          start,
        );
        const weights = join(folder, 'weights.safetensors');
        const { step } = state.adam;
        const provenance = {
          config: JSON.stringify(config),
          steps: String(step),
          device: backend.description,
        };
        await saveWeights(weights, config.model, state.average, { half: values.f16, provenance });
        if (values.json)
          io.out(JSON.stringify({ weights, checkpoint: checkpointFile(folder), step, of: config.steps }));
        else io.out(`${weights}: average of the weights after step ${step} of ${config.steps}`);
        if (io.signal.aborted && step < config.steps)
          throw new Interrupted(`interrupted at step ${step}; --resume goes on`);
      } finally {
        await pool.close();
      }
    });
  },
});

/** @throws UsageError if a value is out of range */
function configOf(values: ValuesOf<typeof settings>): TrainConfig {
  const crop = integer('crop', values.crop, 32, 4096);
  if (crop % 32 !== 0) throw new UsageError(`--crop: expected a multiple of 32, got ${crop}`);
  const steps = integer('steps', values.steps, 1);
  return {
    model: specOf(values),
    data: values.data,
    seed: integer('seed', values.seed, 0, 2 ** 32 - 1),
    steps,
    batch: integer('batch', values.batch, 1, 4096),
    frames: integer('frames', values.frames, 1, 1000),
    crop,
    lr: real('lr', values.lr, 0, 1),
    lrEnd: real('lr-end', values['lr-end'], 0, 1),
    warmup: Math.min(integer('warmup', values.warmup, 0), steps - 1),
    clipNorm: real('clip', values.clip, 1e-6, 1e6),
    emaDecay: real('ema', values.ema, 0, 1),
  };
}

function specOf({ preset, set }: ValuesOf<typeof settings>): ModelSpec {
  const name = oneOf('preset', preset, presetNames);
  try {
    const spec = modelSpec(name, set);
    makeModel(spec); // a model of these sizes can be built
    return spec;
  } catch (error) {
    throw new UsageError(`--set ${(error as Error).message}`, { cause: error });
  }
}

/** @throws CheckpointError if the preset is another one, UsageError if settings are given that it holds */
function resumable(
  folder: string,
  values: ValuesOf<typeof settings>,
  given: ReadonlySet<string>,
): Checkpoint {
  const path = checkpointFile(folder);
  const checkpoint = loadCheckpoint(path);
  const { preset } = checkpoint.config.model;
  if (given.has('preset') && values.preset !== preset)
    throw new CheckpointError(
      path,
      `expected a checkpoint of preset ${values.preset}, got one of ${preset}; leave --preset out`,
    );
  const again = Object.keys(settings).filter((name) => name !== 'preset' && given.has(name));
  if (again.length > 0)
    throw new UsageError(`--resume takes its settings from ${path}; leave out --${again.join(', --')}`);
  return checkpoint;
}

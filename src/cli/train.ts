/** seeclear train — makes weights. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { PlanningBackend } from '../tensor/index.js';
import {
  BatchPool,
  batchShapeAt,
  checkpointFile,
  CheckpointError,
  dataPaths,
  loadCheckpoint,
  makeModel,
  saveAverage,
  stepsOf,
  trainingClips,
  trainingFootprint,
  trainingRun,
  validationPaths,
} from '../train/index.js';
import { showBytes } from '../report/index.js';
import { command } from './command.js';
import { commandLine } from './commandLine.js';
import { Interrupted, UsageError } from './errors.js';
import type { Io } from './io.js';
import { checkMemory, memoryOf, memoryOption } from './memoryOption.js';
import { deviceOf, deviceOption, type ValuesOf } from './options.js';
import { checkPrecision } from './precisionOption.js';
import { Progress } from './progress.js';
import { checkLeftOut, checkUnused, lastCheckpoint, minutesOf, runOptions } from './runOptions.js';
import { RunWatch } from './runWatch.js';
import { newRun, type Prepared, trainSettings } from './trainSettings.js';
import { unpack } from './unpack.js';
import { integer } from './values.js';
import { withBackend } from './withBackend.js';

export const train = command({
  name: 'train',
  summary: 'make weights, from procedural clips or your own',
  usage: '--out runs/NAME [options]',
  description: [
    'Trains the network in three stages: condenser, all but CaTeGory, with semantics and without a memory; memory,',
    'CaTeGory alone; joint, everything. Adam, the warm-up and the cosine of the learning rate start anew in each. A',
    'stage of 0 steps is left out; a network without CaTeGory has the first stage alone.',
    'The folder --out gets metrics.jsonl (a line a step), checkpoint.safetensors and the checkpoint before it, and at',
    'the end weights.safetensors, the average of the weights. The same settings and device give the same bits, with or',
    'without interruptions, within stages and between them. A run that fails says where and leaves its checkpoints.',
    'Now and then the average is validated on clips that training does not see: validation.jsonl, pictures in samples,',
    'and best.safetensors, the weights with the highest PSNR. report.html shows all of it on one page.',
    'Clips come from SOURCE: procedural, which needs no files; a folder of PNG frames or video files, or of folders of',
    'frames; or a data set, whose training split is taken: REDS, Vimeo-90K (docs/data.md). LR frames are made by',
    'MATLAB bicubic where there are none. After SOURCE may come ,lr=FOLDER with LR frames; ,shrink=N to make HR frames N',
    'times smaller first, for compressed videos; ,weight=W, how often to draw from it: --data reds/,weight=0.7 --data',
    'procedural,weight=0.3. Frames of video files are unpacked once, by ffmpeg, to a folder of at most 20 GiB',
    '(SEECLEAR_CACHE, SEECLEAR_CACHE_GIB).',
  ].join('\n'),
  options: {
    ...runOptions,
    ...trainSettings,
    'save-every': { type: 'string', value: 'N', default: '1000', help: 'steps between checkpoints' },
    'hash-every': {
      type: 'string',
      value: 'N',
      help: 'steps between hashes of the state in metrics.jsonl, to compare runs by (default as --save-every)',
    },
    cache: {
      type: 'string',
      value: 'MIB',
      default: '1024',
      help: 'decoded frames to keep in memory, of all threads together',
    },
    workers: {
      type: 'string',
      value: 'N',
      default: String(Math.min(8, Math.max(1, availableParallelism() - 2))),
      help: 'threads that prepare batches; they do not change the result',
    },
    tensorboard: { type: 'boolean', help: 'also write event files for TensorBoard' },
    ...memoryOption,
    ...deviceOption,
  },
  positionals: [0, 0],
  async run({ values, given, argv }, io) {
    const { out: folder } = values;
    if (folder === undefined) throw new UsageError('expected --out FOLDER, got none');
    const device = deviceOf(values);
    const saveEvery = integer('save-every', values['save-every'], 1);
    const hashEvery = integer('hash-every', values['hash-every'] ?? values['save-every'], 1);
    const threads = integer('workers', values.workers, 1, 256);
    const cacheBytes = integer('cache', values.cache, 0) * 2 ** 20;
    const minutes = minutesOf(values);
    if (!values.resume) checkUnused(folder);
    const { config, model, start } = values.resume ? resumed(folder, values, given, io) : newRun(values);
    const memory = memoryOf(values);
    if (memory !== undefined) {
      const planning = new PlanningBackend();
      const { bytes } = await trainingFootprint(model, config, planning, start(planning).state);
      checkMemory(bytes, memory);
    }
    await unpack([...dataPaths(config.data), ...validationPaths(config.validation)], io);
    io.err(`data: ${trainingClips(config.data, config.seed, 0).name}`);
    await withBackend(device, io, async (backend) => {
      checkPrecision(backend, config.precision ?? 'f32');
      const { state: first, about } = start(backend);
      const total = stepsOf(config.stages);
      io.err(
        `model: ${config.model.preset}, ${model.parameters} parameters, ${about}; step ${first.step} of ${total}`,
      );
      const source = { data: config.data, seed: config.seed, cacheBytes: cacheBytes / threads };
      const pool = new BatchPool(source, (step) => batchShapeAt(config, step), threads);
      const watch = new RunWatch({
        backend,
        model,
        config,
        folder,
        half: values.f16,
        io,
        command: commandLine('train', argv),
        after: first.step,
        tensorboard: values.tensorboard,
        reportEvery: saveEvery,
      });
      const progress = new Progress(io, 'steps', total, first.step);
      const deadline = performance.now() + minutes * 60_000;
      try {
        const state = await trainingRun(
          {
            backend,
            model,
            config,
            folder,
            saveEvery,
            hashEvery,
            batch: (step) => pool.batch(step),
            onStep: ({ step, stage, loss, lr, spike, samplesPerSecond, bytes }) => {
              if (spike !== undefined)
                io.err(`step ${step}: loss ${loss.toFixed(5)} is a spike, ${spike.toFixed(1)} deviations up`);
              progress.show(
                step,
                `; stage ${stage}, loss ${loss.toFixed(5)}, lr ${lr.toExponential(2)}, ${samplesPerSecond.toFixed(1)} clips/s, ${showBytes(bytes)} live`,
              );
            },
            afterStep: (record, state) => watch.afterStep(record, state),
            shouldStop: () => io.signal.aborted || performance.now() > deadline,
          },
          first,
        );
        const weights = join(folder, 'weights.safetensors');
        const { step } = state;
        await saveAverage(weights, { backend, config, half: values.f16 }, state);
        const report = watch.report();
        if (values.json)
          io.out(JSON.stringify({ weights, checkpoint: checkpointFile(folder), report, step, of: total }));
        else io.out(`${weights}: average of the weights after step ${step} of ${total}`);
        if (io.signal.aborted && step < total)
          throw new Interrupted(`interrupted at step ${step}; --resume goes on`);
      } finally {
        await pool.close();
      }
    });
  },
});

/** @throws CheckpointError if the preset is another one, UsageError if settings are given that it holds */
function resumed(
  folder: string,
  values: ValuesOf<typeof trainSettings>,
  given: ReadonlySet<string>,
  io: Io,
): Prepared {
  const { checkpoint, path } = lastCheckpoint(folder, loadCheckpoint, io);
  const { preset } = checkpoint.config.model;
  if (given.has('preset') && values.preset !== preset)
    throw new CheckpointError(
      path,
      `expected a checkpoint of preset ${values.preset}, got one of ${preset}; leave --preset out`,
    );
  const settings = Object.keys(trainSettings).filter((name) => name !== 'preset');
  checkLeftOut(settings, given, path);
  const model = makeModel(checkpoint.config.model);
  const start: Prepared['start'] = (backend) => ({
    state: model.restore(backend, checkpoint),
    about: `from ${path}`,
  });
  return { config: checkpoint.config, model, start };
}

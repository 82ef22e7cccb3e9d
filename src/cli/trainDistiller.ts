/** seeclear train-distiller — makes the weights of the Semantic Distiller. */
import { join } from 'node:path';
import { sceneWords } from '../data/index.js';
import { countParams, initSemanticDistiller, smallDistiller } from '../model/index.js';
import {
  checkpointFile,
  distillerRun,
  distillerState,
  type DistillerTrainConfig,
  initSeed,
  loadDistillerCheckpoint,
  saveDistiller,
} from '../train/index.js';
import { command } from './command.js';
import { Interrupted, UsageError } from './errors.js';
import type { Io } from './io.js';
import { deviceOf, deviceOption, type Options, type ValuesOf } from './options.js';
import { Progress } from './progress.js';
import { checkLeftOut, checkUnused, lastCheckpoint, minutesOf, runOptions } from './runOptions.js';
import { integer, multiple, real } from './values.js';
import { withBackend } from './withBackend.js';

/** Options that a checkpoint holds: with --resume they cannot be given again. */
const settings = {
  steps: { type: 'string', value: 'N', default: '3000', help: 'steps of the optimiser' },
  batch: { type: 'string', value: 'N', default: '8', help: 'scenes in a batch' },
  size: { type: 'string', value: 'N', default: '128', help: 'side of the HR scenes in pixels' },
  lr: { type: 'string', value: 'X', default: '1e-3', help: 'learning rate after the warm-up' },
  'lr-end': { type: 'string', value: 'X', default: '1e-5', help: 'learning rate of the last step' },
  warmup: { type: 'string', value: 'N', default: '50', help: 'steps of linear rise of the learning rate' },
  clip: { type: 'string', value: 'X', default: '1', help: 'largest norm of the gradient' },
  ema: { type: 'string', value: 'X', default: '0.99', help: 'decay of the average of the weights' },
  seed: {
    type: 'string',
    value: 'N',
    default: '0',
    help: 'seed of scenes and initial weights, 0 ... 2^32 - 1',
  },
} as const satisfies Options;

export const trainDistiller = command({
  name: 'train-distiller',
  summary: 'make weights of the Semantic Distiller, from labelled scenes',
  usage: '--out runs/NAME [options]',
  description: [
    'Trains the small Semantic Distiller on scenes of named shapes and textures that we draw. The folder --out gets',
    'metrics.jsonl (a line a step), checkpoint.safetensors, and at the end weights.safetensors, the average of the',
    'weights. The same settings and device give the same bits, with or without interruptions.',
  ].join('\n'),
  options: {
    ...runOptions,
    ...settings,
    'save-every': { type: 'string', value: 'N', default: '200', help: 'steps between checkpoints' },
    ...deviceOption,
  },
  positionals: [0, 0],
  async run({ values, given }, io) {
    const { out: folder } = values;
    if (folder === undefined) throw new UsageError('expected --out FOLDER, got none');
    const device = deviceOf(values);
    const saveEvery = integer('save-every', values['save-every'], 1);
    const minutes = minutesOf(values);
    const asked = configOf(values);
    if (!values.resume) checkUnused(folder);
    const checkpoint = values.resume ? resumable(folder, given, io) : undefined;
    const config = checkpoint?.config ?? asked;
    await withBackend(device, io, async (backend) => {
      const start =
        checkpoint?.restore(backend) ??
        distillerState(initSemanticDistiller(config.network, backend, initSeed(config.seed)));
      io.err(
        `distiller: ${countParams(start.params)} parameters; step ${start.adam.step} of ${config.steps}`,
      );
      const progress = new Progress(io, 'steps', config.steps, start.adam.step);
      const deadline = performance.now() + minutes * 60_000;
      const state = await distillerRun(
        {
          backend,
          config,
          folder,
          saveEvery,
          onStep: ({ step, loss, classLoss, maskLoss, diceLoss, samplesPerSecond }) =>
            progress.show(
              step,
              `; loss ${loss.toFixed(2)}: class ${classLoss.toFixed(3)}, mask ${maskLoss.toFixed(3)}, dice ${diceLoss.toFixed(3)}; ${samplesPerSecond.toFixed(1)} scenes/s`,
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
      await saveDistiller(weights, config.network, state.average, { half: values.f16, provenance });
      if (values.json)
        io.out(JSON.stringify({ weights, checkpoint: checkpointFile(folder), step, of: config.steps }));
      else io.out(`${weights}: average of the weights after step ${step} of ${config.steps}`);
      if (io.signal.aborted && step < config.steps)
        throw new Interrupted(`interrupted at step ${step}; --resume goes on`);
    });
  },
});

/** @throws UsageError if a value is out of range */
function configOf(values: ValuesOf<typeof settings>): DistillerTrainConfig {
  const steps = integer('steps', values.steps, 1);
  return {
    network: { ...smallDistiller, words: sceneWords },
    seed: integer('seed', values.seed, 0, 2 ** 32 - 1),
    steps,
    batch: integer('batch', values.batch, 1, 4096),
    size: multiple('size', values.size, 32, 64, 4096),
    lr: real('lr', values.lr, 0, 1),
    lrEnd: real('lr-end', values['lr-end'], 0, 1),
    warmup: Math.min(integer('warmup', values.warmup, 0), steps - 1),
    clipNorm: real('clip', values.clip, 1e-6, 1e6),
    emaDecay: real('ema', values.ema, 0, 1),
  };
}

/** @throws UsageError if settings are given that the checkpoint holds */
function resumable(
  folder: string,
  given: ReadonlySet<string>,
  io: Io,
): ReturnType<typeof loadDistillerCheckpoint> {
  const { checkpoint, path } = lastCheckpoint(folder, loadDistillerCheckpoint, io);
  checkLeftOut(Object.keys(settings), given, path);
  return checkpoint;
}

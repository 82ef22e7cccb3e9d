/** The settings of a training run: what a checkpoint holds. */
import type { Backend } from '../tensor/index.js';
import {
  loadDistiller,
  loadOrigin,
  makeModel,
  type Model,
  modelSpec,
  presetNames,
  PROCEDURAL,
  type StageConfig,
  stageNames,
  type StagesConfig,
  stepsOf,
  type TrainConfig,
  type TrainState,
  trainState,
  warmStart,
} from '../train/index.js';
import { dataOf } from './dataOption.js';
import { UsageError } from './errors.js';
import { shippedDistiller } from './installation.js';
import type { Options, ValuesOf } from './options.js';
import { precisionOf, precisionOption } from './precisionOption.js';
import { validationOf, validationOptions } from './validationOptions.js';
import { integer, multiple, oneOf, real } from './values.js';

const STEPS = ['12000', '2000', '2000'];

/** Options that a checkpoint holds: with --resume they cannot be given again. */
export const trainSettings = {
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
    help: 'override a field of the preset: components.mfsa=false, diffusion.T=4',
  },
  distiller: {
    type: 'string',
    value: 'FILE',
    default: shippedDistiller,
    help: 'weights of the Semantic Distiller, which stay as they are',
  },
  from: {
    type: 'string',
    value: 'FILE',
    help: 'weights to start from, of this network or one like it: what has the same name and shape is taken',
  },
  data: {
    type: 'string',
    value: 'SOURCE',
    multiple: true,
    help: `clips to train on, several times to mix; see above (default ${PROCEDURAL})`,
  },
  steps: {
    type: 'string',
    value: 'A,B,C',
    help: `steps of the stages; A alone without CaTeGory (default ${STEPS.join()}, or ${STEPS[0]})`,
  },
  batch: { type: 'string', value: 'N', default: '8', help: 'clips in a batch' },
  micro: {
    type: 'string',
    value: 'N',
    help: 'clips that go through the network together, a divisor of --batch (default all): fewer need less memory',
  },
  frames: { type: 'string', value: 'N', default: '5', help: 'frames of a clip' },
  crop: { type: 'string', value: 'N', default: '128', help: 'side of the HR crop in pixels' },
  lr: {
    type: 'string',
    value: 'X[,Y,Z]',
    default: '2e-4,5e-5,5e-5',
    help: 'learning rate of the stages after the warm-up; X alone: of all',
  },
  'lr-end': {
    type: 'string',
    value: 'X[,Y,Z]',
    default: '1e-5',
    help: 'learning rate of the last step of the stages',
  },
  warmup: {
    type: 'string',
    value: 'N',
    default: '100',
    help: 'steps of linear rise of the learning rate, at the start of each stage',
  },
  clip: { type: 'string', value: 'X', default: '1', help: 'largest norm of the gradient' },
  ema: { type: 'string', value: 'X', default: '0.999', help: 'decay of the average of the weights' },
  checkpointing: {
    type: 'boolean',
    help: 'compute layers once more for the gradient instead of keeping them: less memory, more time',
  },
  ...precisionOption,
  seed: {
    type: 'string',
    value: 'N',
    default: '0',
    help: 'seed of clips, noise and initial weights, 0 ... 2^32 - 1',
  },
  ...validationOptions,
} as const satisfies Options;

type Values = ValuesOf<typeof trainSettings>;

/** A run that can start. */
export interface Prepared {
  readonly config: TrainConfig;
  readonly model: Model;
  /** Its state on a backend, and a line about where it comes from. */
  readonly start: (backend: Backend) => { state: TrainState; about: string };
}

/**
 * A new run. All that can be wrong with the settings and files is found now.
 *
 * @throws UsageError if a value is out of range, CheckpointError if a file cannot be used
 */
export function newRun(values: Values): Prepared {
  const batch = integer('batch', values.batch, 1, 4096);
  const micro = values.micro === undefined ? undefined : integer('micro', values.micro, 1, batch);
  if (micro !== undefined && batch % micro !== 0)
    throw new UsageError(`--micro: expected a divisor of --batch ${batch}, got ${micro}`);
  const precision = precisionOf(values);
  const numbers = {
    data: dataOf(values.data),
    seed: integer('seed', values.seed, 0, 2 ** 32 - 1),
    batch,
    ...(micro !== undefined && { micro }),
    frames: integer('frames', values.frames, 1, 1000),
    crop: multiple('crop', values.crop, 32, 32, 4096),
    warmup: integer('warmup', values.warmup, 0),
    clipNorm: real('clip', values.clip, 1e-6, 1e6),
    emaDecay: real('ema', values.ema, 0, 1),
    ...(values.checkpointing && { checkpointing: true }),
    ...(precision === 'f16' && { precision }),
  };
  const preset = oneOf('preset', values.preset, presetNames);
  const asked = settable(() => modelSpec(preset, values.set));
  const { frames, components } = asked.network;
  if (numbers.frames > frames)
    throw new UsageError(
      `--frames: expected at most ${frames}, as many as the network takes, got ${numbers.frames}`,
    );
  const stages = stagesOf(values, components.category);
  const distiller = asked.distiller && loadDistiller(values.distiller);
  const spec = settable(() => modelSpec(preset, values.set, distiller?.network));
  const model = settable(() => makeModel(spec));
  const validation = validationOf(values, model.schedule.T);
  const from = values.from === undefined ? undefined : loadOrigin(values.from);
  const origins = {
    ...(distiller && { distiller: distiller.digest }),
    ...(from && { from: from.digest }),
  };
  return {
    config: { ...numbers, model: spec, stages, origins, ...(validation && { validation }) },
    model,
    start(backend) {
      const drawn = model.draw(backend, numbers.seed, distiller?.restore(backend));
      if (!from) return { state: trainState(drawn, precision), about: 'drawn from the seed' };
      const { params, taken, of } = warmStart(drawn.condenser, from);
      const about = `${taken} of ${of} tensors from ${values.from}`;
      return { state: trainState({ ...drawn, condenser: params }, precision), about };
    },
  };
}

/** @throws UsageError for what `--set` has made impossible */
function settable<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw new UsageError(`--set ${(error as Error).message}`, { cause: error });
  }
}

function stagesOf(values: Values, category: boolean): StagesConfig {
  const given = values.steps?.split(',') ?? (category ? STEPS : STEPS.slice(0, 1));
  const wanted = category ? stageNames : stageNames.slice(0, 1);
  if (given.length !== wanted.length)
    throw new UsageError(
      `--steps: expected ${wanted.length} numbers, for the stages ${wanted.join(', ')} of a network ${category ? 'with' : 'without'} CaTeGory, got '${values.steps}'`,
    );
  const rate = (option: 'lr' | 'lr-end'): number[] => {
    const rates = values[option].split(',').map((text) => real(option, text, 0, 1));
    if (rates.length !== 1 && rates.length !== stageNames.length)
      throw new UsageError(
        `--${option}: expected one number or ${stageNames.length}, got '${values[option]}'`,
      );
    return stageNames.map((_, i) => rates[i] ?? rates[0]);
  };
  const [lr, lrEnd] = [rate('lr'), rate('lr-end')];
  const stage = (i: number): StageConfig => ({
    steps: i < given.length ? integer('steps', given[i], 0) : 0,
    lr: lr[i],
    lrEnd: lrEnd[i],
  });
  const stages = { condenser: stage(0), memory: stage(1), joint: stage(2) };
  if (stepsOf(stages) === 0)
    throw new UsageError(`--steps: expected at least one step, got '${values.steps}'`);
  return stages;
}

/** Options of every command that samples. */
import { type SamplingRule, respaced, samplingSteps } from '../diffusion/index.js';
import { CLIP_FRAMES, type TrainedModel } from '../train/index.js';
import { UsageError } from './errors.js';
import type { Options, ValuesOf } from './options.js';
import { integer, oneOf } from './values.js';

const rules = Object.keys(samplingSteps) as SamplingRule[];

/** The one of them that the demonstration has as well. */
export const stepsOption = {
  steps: {
    type: 'string',
    value: 'K',
    default: 'all',
    help: 'steps to sample in, spread evenly over those of the training, which are 15 as a rule',
  },
} as const satisfies Options;

export const samplerOptions = {
  sampler: {
    type: 'string',
    value: 'NAME',
    default: 'corrected',
    help: `how a step is taken: ${rules.join(', ')}`,
  },
  ...stepsOption,
  seed: { type: 'string', value: 'N', default: '0', help: 'seed of the noise, 0 ... 2^32 - 1' },
  samples: {
    type: 'string',
    value: 'K',
    default: '1',
    help: 'results to take the mean of, with seeds --seed, --seed + 1, ...: nearer to the truth, less texture, K times the time',
  },
  'frames-per-pass': {
    type: 'string',
    value: 'N',
    default: 'auto',
    help: `frames that the network is given at once; auto: ${CLIP_FRAMES}, or as many as fit the device. Results depend on it`,
  },
  overlap: {
    type: 'string',
    value: 'N',
    default: '0',
    help: 'frames that a clip shares with the next one; their results are cross-faded',
  },
} as const satisfies Options;

/** What these options say. */
export interface SamplerSettings {
  readonly rule: SamplingRule;
  readonly seed: number;
  readonly samples: number;
  readonly overlap: number;
  readonly length?: number;
  readonly steps?: number;
}

/** @throws UsageError if a value is out of range */
export const samplerOf = (values: ValuesOf<typeof samplerOptions>): SamplerSettings => ({
  rule: oneOf('sampler', values.sampler, rules),
  seed: integer('seed', values.seed, 0, 2 ** 32 - 1),
  samples: integer('samples', values.samples, 1, 1000),
  overlap: integer('overlap', values.overlap, 0),
  ...(values['frames-per-pass'] !== 'auto' && {
    length: integer('frames-per-pass', values['frames-per-pass'], 1),
  }),
  ...stepsOf(values),
});

/** @throws UsageError if it is no number */
export const stepsOf = ({ steps }: ValuesOf<typeof stepsOption>): Pick<SamplerSettings, 'steps'> =>
  steps === 'all' ? {} : { steps: integer('steps', steps, 1) };

/**
 * A model that samples in so many steps.
 *
 * @throws UsageError if the settings are not possible with it
 */
export function sampledBy(
  model: TrainedModel,
  { steps, length = model.frames, overlap }: Partial<SamplerSettings>,
): TrainedModel {
  const atMost = (option: string, value: number, most: number, what: string): void => {
    if (value > most) throw new UsageError(`--${option}: expected at most ${most}, ${what}, got ${value}`);
  };
  atMost('frames-per-pass', length, model.frames, 'the frames of a clip');
  atMost('overlap', overlap ?? 0, length - 1, 'fewer than the frames of a pass');
  if (steps === undefined) return model;
  atMost('steps', steps, model.schedule.T, 'the steps of the training');
  return { ...model, schedule: respaced(model.schedule, steps) };
}

/** Options of every command that samples. */
import { type SamplerOptions, type SamplingRule, samplingSteps } from '../diffusion/index.js';
import type { Options, ValuesOf } from './options.js';
import { integer, oneOf } from './values.js';

const rules = Object.keys(samplingSteps) as SamplingRule[];

export const samplerOptions = {
  sampler: {
    type: 'string',
    value: 'NAME',
    default: 'corrected',
    help: `how a step is taken: ${rules.join(', ')}`,
  },
  seed: { type: 'string', value: 'N', default: '0', help: 'seed of the noise, 0 ... 2^32 - 1' },
  'frames-per-pass': {
    type: 'string',
    value: 'N',
    default: 'auto',
    help: 'frames that the network is given at once; auto: 5, or as many as fit the device',
  },
} as const satisfies Options;

/** @throws UsageError if a value is out of range */
export const samplerOf = (values: ValuesOf<typeof samplerOptions>): SamplerOptions & { length?: number } => ({
  rule: oneOf('sampler', values.sampler, rules),
  seed: integer('seed', values.seed, 0, 2 ** 32 - 1),
  ...(values['frames-per-pass'] === 'auto'
    ? {}
    : { length: integer('frames-per-pass', values['frames-per-pass'], 1, 1000) }),
});

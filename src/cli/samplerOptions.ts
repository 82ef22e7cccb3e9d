/** Options of every command that samples. */
import { posteriorSteps, type SamplerOptions } from '../diffusion/index.js';
import { CLIP_FRAMES } from '../train/index.js';
import type { Options, ValuesOf } from './options.js';
import { integer, oneOf } from './values.js';

const rules = [...Object.keys(posteriorSteps), 'deterministic'] as NonNullable<SamplerOptions['rule']>[];

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
    default: String(CLIP_FRAMES),
    help: 'frames that the network sees at once; fewer take less memory',
  },
} as const satisfies Options;

/** @throws UsageError if a value is out of range */
export const samplerOf = (values: ValuesOf<typeof samplerOptions>): SamplerOptions & { length: number } => ({
  rule: oneOf('sampler', values.sampler, rules),
  seed: integer('seed', values.seed, 0, 2 ** 32 - 1),
  length: integer('frames-per-pass', values['frames-per-pass'], 1, 1000),
});

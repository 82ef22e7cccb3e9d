/** Options of validation during a training run; a checkpoint holds them. */
import { CLIP_FRAMES, PROCEDURAL, type ValidationConfig } from '../train/index.js';
import { UsageError } from './errors.js';
import type { Options, ValuesOf } from './options.js';
import { integer, multiple } from './values.js';

export const validationOptions = {
  'validate-every': {
    type: 'string',
    value: 'N',
    default: '1000',
    help: 'steps between validations of the averaged weights, and after the last step; 0: none',
  },
  validate: {
    type: 'string',
    value: 'SOURCE',
    default: PROCEDURAL,
    help: `what on: ${PROCEDURAL}, clips that no training draws, or a folder of HR videos`,
  },
  'validate-videos': { type: 'string', value: 'N', default: '2', help: 'how many videos of it' },
  'validate-frames': {
    type: 'string',
    value: 'N',
    default: String(CLIP_FRAMES),
    help: 'frames of each, from the first',
  },
  'validate-size': {
    type: 'string',
    value: 'N',
    default: '128',
    help: 'largest side of the HR frames; of larger ones the middle is taken',
  },
  'validate-steps': { type: 'string', value: 'K', default: '4', help: 'steps to sample in' },
} as const satisfies Options;

/**
 * How a run is validated.
 *
 * @param T steps of the diffusion
 * @returns undefined if it is not
 * @throws UsageError if a value is out of range
 */
export function validationOf(
  values: ValuesOf<typeof validationOptions>,
  T: number,
): ValidationConfig | undefined {
  const every = integer('validate-every', values['validate-every'], 0);
  if (every === 0) return undefined;
  const samplingSteps = integer('validate-steps', values['validate-steps'], 1);
  if (samplingSteps > T)
    throw new UsageError(
      `--validate-steps: expected at most ${T}, the steps of the diffusion, got ${samplingSteps}`,
    );
  return {
    every,
    source: values.validate,
    videos: integer('validate-videos', values['validate-videos'], 1, 1000),
    frames: integer('validate-frames', values['validate-frames'], 1, 1000),
    size: multiple('validate-size', values['validate-size'], 4, 32, 4096),
    samplingSteps,
  };
}

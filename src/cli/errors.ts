import { InputError } from '../data/index.js';
import { DeviceError } from '../tensor/index.js';
import { CheckpointError } from '../train/index.js';

/** The command line is wrong: an option, a value, a count of arguments. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The user pressed Ctrl-C, and what was under way has been left in order. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** What a process of ours may end with. 130 and 141 are what a shell shows for one that SIGINT or SIGPIPE ends. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  input: 3,
  device: 4,
  interrupted: 130,
  outputClosed: 141,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The exit status that an error stands for. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof UsageError) return exitCodes.usage;
  if (error instanceof InputError || error instanceof CheckpointError) return exitCodes.input;
  if (error instanceof DeviceError) return exitCodes.device;
  if (error instanceof Interrupted) return exitCodes.interrupted;
  return exitCodes.failed;
}

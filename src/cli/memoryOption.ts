/** How much memory a device has, which WebGPU does not tell. */
import { DeviceError } from '../tensor/index.js';
import type { Options, ValuesOf } from './options.js';
import { showBytes } from '../report/index.js';
import { UsageError } from './errors.js';

export const memoryOption = {
  memory: {
    type: 'string',
    value: 'SIZE',
    help: 'memory of the device, as 8GB or 512MB; what needs more is refused before it starts',
  },
} as const satisfies Options;

const units: Readonly<Record<string, number>> = { MB: 1e6, MiB: 2 ** 20, GB: 1e9, GiB: 2 ** 30 };

/** Bytes; `undefined` if nothing was said. @throws UsageError if it is no size */
export function memoryOf({ memory }: ValuesOf<typeof memoryOption>): number | undefined {
  if (memory === undefined) return undefined;
  const parts = /^(\d+(?:\.\d+)?)([MG]i?B)$/.exec(memory);
  if (!parts) throw new UsageError(`--memory: expected a number with MB, MiB, GB or GiB, got '${memory}'`);
  const [, amount, unit] = parts;
  return Number(amount) * units[unit];
}

/** @throws DeviceError if so many bytes do not fit */
export function checkMemory(bytes: number, memory: number | undefined): void {
  if (memory === undefined || bytes <= memory) return;
  throw new DeviceError(
    `needs ${showBytes(bytes)} of buffers, and --memory allows ${showBytes(memory)}; use fewer or smaller frames, or for training a smaller --batch or --checkpointing`,
  );
}

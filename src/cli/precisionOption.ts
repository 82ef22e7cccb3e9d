/** How a network is stored on the device. */
import { type Backend, DeviceError, type ElementType, elementTypes } from '../tensor/index.js';
import type { Options, ValuesOf } from './options.js';
import { oneOf } from './values.js';

export const precisionOption = {
  precision: {
    type: 'string',
    value: 'TYPE',
    default: 'f32',
    help: 'weights and activations as f32, or f16: half the memory, on devices with shader-f16 (seeclear doctor)',
  },
} as const satisfies Options;

/** @throws UsageError if it is none */
export const precisionOf = ({ precision }: ValuesOf<typeof precisionOption>): ElementType =>
  oneOf('precision', precision, elementTypes);

/** @throws DeviceError if the device cannot store it */
export function checkPrecision({ half, description }: Backend, precision: ElementType): void {
  if (precision === 'f16' && !half)
    throw new DeviceError(
      `${description}: has no half precision; leave out --precision f16, or use another --device`,
    );
}

import { DeviceError } from './deviceError.js';

/** The WebGPU devices there are, best first: hardware, then Mesa's and Google's Vulkan drivers for the CPU. */
export const deviceKinds = ['gpu', 'lavapipe', 'swiftshader'] as const;

export type DeviceKind = (typeof deviceKinds)[number];

/** What a user may ask for: the best there is, one device by name, or float64 on the CPU without any. */
export const deviceChoices = ['auto', ...deviceKinds, 'cpu'] as const;

export type DeviceChoice = (typeof deviceChoices)[number];

/** `text` as a choice. @throws DeviceError if it is none. */
export function deviceChoice(text: string): DeviceChoice {
  const choice = deviceChoices.find((name) => name === text);
  if (!choice) throw new DeviceError(`device: expected one of ${deviceChoices.join(', ')}, got '${text}'`);
  return choice;
}

/** The one place that opens a WebGPU device. */
import type { Traits } from '../kernel.js';
import { findAdapter } from './adapters.js';
import {
  describeAdapter,
  featuresOf,
  limitsOf,
  subgroupsOf,
  type DeviceFeature,
  type DeviceLimits,
  type SubgroupSizes,
} from './adapterReport.js';
import type { DeviceChoice, DeviceKind } from './deviceChoice.js';
import { DeviceError } from './deviceError.js';

export { listAdapters, type AdapterReport } from './adapterReport.js';
export { deviceChoice, deviceChoices, type DeviceChoice, type DeviceKind } from './deviceChoice.js';
export { DeviceError } from './deviceError.js';

/** A device that is ready for work. Call `device.destroy()` when done; the process then exits by itself. */
export interface OpenedDevice {
  readonly device: GPUDevice;
  readonly kind: DeviceKind;
  /** One line for people: adapter, driver, version. */
  readonly description: string;
  /** Whether it shares the CPU with this process, which decides how to wait: see `settle`. */
  readonly software: boolean;
  /** The device's limits, which are all that its adapter has to offer. */
  readonly limits: DeviceLimits;
  /** The features of interest that the device was opened with. */
  readonly features: readonly DeviceFeature[];
  readonly subgroups: SubgroupSizes | undefined;
  /**
   * WebGPU goes on after an error that no error scope caught, with zeros for results.
   * @throws DeviceError once for the first such error since the last call, and always for a lost device.
   */
  check(): void;
}

/** What a launch is told of the device. */
export const traitsOf = ({ subgroups, software }: OpenedDevice): Traits => ({
  subgroupSize: subgroups && subgroups.min === subgroups.max ? subgroups.max : 0,
  software,
});

/** Watches for what WebGPU reports on the side: errors outside of error scopes, and the loss of the device. */
function watch(device: GPUDevice): () => void {
  let uncaptured: string | undefined;
  let lost: string | undefined;
  device.addEventListener('uncapturederror', (event) => {
    // Otherwise Dawn prints it on standard output, amid what a command prints there.
    event.preventDefault();
    uncaptured ??= event.error.message;
  });
  void device.lost.then(({ reason, message }) => {
    if (reason !== 'destroyed') lost = message;
  });
  return () => {
    const message = lost === undefined ? uncaptured : `the device was lost: ${lost}`;
    uncaptured = undefined;
    if (message !== undefined) throw new DeviceError(`WebGPU: ${message.trim().split('\n').join(' ')}`);
  };
}

async function open(adapter: GPUAdapter, kind: DeviceKind): Promise<OpenedDevice> {
  const features = featuresOf(adapter.features);
  const description = describeAdapter(kind, adapter.info);
  const subgroups = subgroupsOf(adapter);
  let device: GPUDevice;
  try {
    device = await adapter.requestDevice({
      requiredLimits: { ...limitsOf(adapter.limits) },
      requiredFeatures: features,
    });
  } catch (error) {
    throw new DeviceError(
      `${description} gives no device: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  const limits = limitsOf(device.limits);
  const check = watch(device);
  return { device, kind, description, software: kind !== 'gpu', limits, features, subgroups, check };
}

async function openBest(): Promise<OpenedDevice | undefined> {
  let failure: DeviceError | undefined;
  for (const wanted of ['any', 'lavapipe', 'swiftshader'] as const) {
    const found = await findAdapter(wanted);
    if ('reason' in found) continue;
    // Where the system's own first choice is SwiftShader, lavapipe is still preferred.
    if (wanted === 'any' && found.kind === 'swiftshader') continue;
    try {
      return await open(found.adapter, found.kind);
    } catch (error) {
      if (!(error instanceof DeviceError)) throw error;
      failure ??= error;
    }
  }
  if (failure) throw failure;
  return undefined;
}

/**
 * Opens the device that `choice` names; 'auto' takes hardware, else lavapipe, else SwiftShader.
 * Returns undefined for 'cpu', and for 'auto' where there is none: then the CPU backend is to be used.
 * @throws DeviceError if a device was asked for by name and is missing, with what to install.
 */
export async function openDevice(choice: DeviceChoice): Promise<OpenedDevice | undefined> {
  if (choice === 'cpu') return undefined;
  if (choice === 'auto') return openBest();
  const found = await findAdapter(choice);
  if ('reason' in found) throw new DeviceError(`device ${choice}: ${found.reason}`);
  return open(found.adapter, found.kind);
}

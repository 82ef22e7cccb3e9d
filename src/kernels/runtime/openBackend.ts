import type { Backend } from '../backend.js';
import { CpuBackend } from '../cpu.js';
import { openDevice, type DeviceChoice } from './device.js';
import { GpuBackend } from './gpuBackend.js';

/**
 * The backend for a device choice: WebGPU on the best adapter there is, else float64 on the CPU.
 *
 * @throws DeviceError if a device was named that is not there
 */
export async function openBackend(choice: DeviceChoice): Promise<Backend> {
  const opened = await openDevice(choice);
  return opened ? new GpuBackend(opened) : new CpuBackend();
}

import { findAdapter } from '../../src/kernels/runtime/adapters.js';
import { deviceChoice, DeviceError } from '../../src/kernels/runtime/device.js';
import { settle } from '../../src/kernels/runtime/wait.js';
import type { Surroundings } from './peer.js';

/**
 * A browser's WebGPU on the device that SEECLEAR_DEVICE names, as `navigator.gpu` and to hand on. Every library gets
 * its device through it, and so the same adapter, and is waited for in the same way.
 *
 * @throws DeviceError if there is no such device
 */
export async function surroundings(): Promise<Surroundings> {
  const choice = deviceChoice(process.env.SEECLEAR_DEVICE ?? 'auto');
  const find = () => findAdapter(choice === 'auto' || choice === 'cpu' ? 'any' : choice);
  const found = await find();
  if ('reason' in found) throw new DeviceError(found.reason);
  const software = found.kind !== 'gpu';
  const devices: GPUDevice[] = [];
  const gpu = {
    async requestAdapter() {
      const again = await find(); // an adapter gives one device
      if ('reason' in again) return null;
      const { adapter } = again;
      const request = adapter.requestDevice.bind(adapter);
      adapter.requestDevice = async (descriptor) => {
        const device = await request(descriptor);
        devices.push(device);
        return device;
      };
      return adapter;
    },
    getPreferredCanvasFormat: () => 'bgra8unorm',
    wgslLanguageFeatures: new Set<string>(),
  } as unknown as GPU;
  Object.defineProperty(globalThis, 'navigator', {
    value: { userAgent: 'node', platform: 'linux', gpu },
    configurable: true,
  });
  return {
    gpu,
    settle: (promise) => settle(promise, software),
    submitted: async () => {
      await settle(Promise.all(devices.map(({ queue }) => queue.onSubmittedWorkDone())), software);
    },
  };
}

import { deviceChoice, openDevice } from '../../src/kernels/runtime/device.js';
import { DeviceError } from '../../src/kernels/index.js';
import { GpuBackend } from '../../src/kernels/runtime/gpuBackend.js';
import { free, grad, scope, tensor, variable, type Tensor } from '../../src/tensor/index.js';
import { cases } from './cases.js';
import type { Peer, Prepared } from './peer.js';

/** Our own library, as a user has it. */
export async function open(): Promise<Peer> {
  const opened = await openDevice(deviceChoice(process.env.SEECLEAR_DEVICE ?? 'auto'));
  if (!opened) throw new DeviceError('there is no WebGPU device to measure');
  const backend = new GpuBackend(opened);
  return {
    prepare({ op, mode, shapes, out, inputs, cotangent }) {
      const { forward } = [...cases(false), ...cases(true)].find(
        (c) => c.op === op && JSON.stringify(c.shapes) === JSON.stringify(shapes),
      )!;
      const xs = inputs.map((values, i) => tensor(backend, shapes[i], values));
      const g = tensor(backend, out, cotangent);
      const both = (): Tensor[] => {
        const leaves = xs.map(variable);
        const y = forward(...leaves);
        return [y, ...grad(y, leaves, g)];
      };
      const prepared: Prepared<Tensor[]> = {
        run: () => scope(backend, mode === 'both' ? both : () => [forward(...xs)]),
        read: async (results) => {
          const read: Float32Array[] = [];
          for (const x of results) read.push(Float32Array.from(await x.read()));
          return read;
        },
        free,
        close: () => free([...xs, g]),
      };
      return Promise.resolve(prepared as Prepared);
    },
    wait: () => backend.sync(),
  };
}

import { deviceChoice, openDevice } from '../../src/kernels/runtime/device.js';
import { DeviceError } from '../../src/kernels/index.js';
import { GpuBackend } from '../../src/kernels/runtime/gpuBackend.js';
import {
  concat,
  free,
  full,
  grad,
  permute,
  reshape,
  scope,
  slice,
  tensor,
  variable,
  windowAttention,
  type Tensor,
} from '../../src/tensor/index.js';
import { cases } from './cases.js';
import type { Peer, Prepared, Task } from './peer.js';

/** A case in the layout that our library is written for. */
interface Layout {
  /** To it: the inputs. */
  readonly inputs: (given: readonly Tensor[]) => Tensor[];
  /** To it: the cotangent of the result. */
  readonly cotangent: (given: Tensor) => Tensor;
  readonly forward: (...xs: Tensor[]) => Tensor;
  /** From it: the result, then the gradients. */
  readonly results: (made: readonly Tensor[]) => readonly Tensor[];
  /** What `forward` needs besides. */
  readonly held: readonly Tensor[];
}

/** Our own library, as a user has it. */
export async function open(): Promise<Peer> {
  const opened = await openDevice(deviceChoice(process.env.SEECLEAR_DEVICE ?? 'auto'));
  if (!opened) throw new DeviceError('there is no WebGPU device to measure');
  const backend = new GpuBackend(opened);
  return {
    prepare(task) {
      const { shapes, out, mode } = task;
      const layout = task.op === 'attention' ? pixelsLast(backend, task) : asGiven(task);
      const { xs, g } = scope(backend, () => ({
        xs: layout.inputs(task.inputs.map((values, i) => tensor(backend, shapes[i], values))),
        g: layout.cotangent(tensor(backend, out, task.cotangent)),
      }));
      const both = (): Tensor[] => {
        const leaves = xs.map(variable);
        const y = layout.forward(...leaves);
        return [y, ...grad(y, leaves, g)];
      };
      const prepared: Prepared<Tensor[]> = {
        run: () => scope(backend, mode === 'both' ? both : () => [layout.forward(...xs)]),
        read: async (made) => {
          const read: Float32Array[] = [];
          for (const x of layout.results(made)) read.push(Float32Array.from(await x.read()));
          return read;
        },
        free,
        close: () => free([...xs, g, ...layout.held]),
      };
      return Promise.resolve(prepared as Prepared);
    },
    wait: () => backend.sync(),
  };
}

function asGiven({ op, shapes }: Task): Layout {
  const { forward } = [...cases(false), ...cases(true)].find(
    (c) => c.op === op && JSON.stringify(c.shapes) === JSON.stringify(shapes),
  )!;
  return { inputs: (xs) => [...xs], cotangent: (g) => g, forward, results: (made) => made, held: [] };
}

/**
 * Attention as our networks have it: tokens are the pixels of a picture, a picture for each window, and queries, keys and
 * values are channels of one tensor, [windows, 3 heads d, √tokens, √tokens].
 */
function pixelsLast(backend: GpuBackend, { shapes: [[windows, heads, tokens, d]] }: Task): Layout {
  const size = Math.sqrt(tokens);
  const bias = full(backend, [heads, tokens, tokens], 0);
  const toPicture = (x: Tensor): Tensor =>
    reshape(permute(x, [0, 1, 3, 2]), [windows, heads * d, size, size]);
  const toTokens = (x: Tensor): Tensor => permute(reshape(x, [windows, heads, d, tokens]), [0, 1, 3, 2]);
  const part = (x: Tensor, k: number): Tensor => slice(x, 1, k * heads * d, (k + 1) * heads * d);
  return {
    inputs: ([q, k, v]) => [concat(1, toPicture(q), toPicture(k), toPicture(v))],
    cotangent: toPicture,
    forward: (qkv) => windowAttention(qkv, bias, { heads, size, shift: 0, frames: 1 }),
    results: ([y, ...grads]) => [y, ...grads.flatMap((g) => [0, 1, 2].map((k) => part(g, k)))].map(toTokens),
    held: [bias],
  };
}

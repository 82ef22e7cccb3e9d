import type { Backend, MemoryStats, Storage, Values } from '../backend.js';
import type { Kernel, Launch, Traits } from '../kernel.js';
import { sizeOf, type Shape } from '../shape.js';
import { BufferPool, type PooledBuffer } from './bufferPool.js';
import type { OpenedDevice } from './device.js';
import { DeviceError } from './deviceError.js';
import { type Binding, Encoder } from './encoder.js';
import { settle } from './wait.js';

/** Memory of a tensor, and of those that are parts of it. The buffer comes when the work that fills it is submitted. */
class Memory {
  buffer: PooledBuffer | undefined;
  /** Storages in it that an op can still name. */
  holders = 0;

  /** @param size elements */
  constructor(readonly size: number) {}
}

/** The elements of one tensor on the device. */
class GpuStorage implements Storage {
  private dead = false;

  /** @param offset of its first element in the memory */
  constructor(
    readonly memory: Memory,
    readonly offset: number,
    readonly size: number,
  ) {
    memory.holders++;
  }

  /** Its scope has ended without keeping it, or it was freed: no later op can name it. */
  die(): void {
    if (this.dead) return;
    this.dead = true;
    this.memory.holders--;
  }
}

/** An op that was asked for and not yet submitted. */
interface Pending {
  readonly name: string;
  readonly launch: Launch;
  readonly inputs: readonly GpuStorage[];
  readonly output: GpuStorage;
}

/**
 * float32 on WebGPU. Ops are recorded and submitted together when a scope ends or a result is read; only then
 * do outputs get buffers. By that time it is known which tensors are still wanted: ops that nobody needs are
 * dropped, and a buffer is reused as soon as its last reader has been encoded.
 */
export class GpuBackend implements Backend {
  readonly kind = 'gpu';
  readonly description: string;
  readonly largestTensor: number;
  private readonly pool: BufferPool;
  private readonly encoder: Encoder;
  private readonly live = new Set<GpuStorage>();
  private readonly constants = new WeakMap<object, GpuStorage>();
  private pending: Pending[] = [];
  private scopes: Set<GpuStorage>[] = [];
  private errors: Promise<GPUError | null>[] = [];
  private failure: DeviceError | undefined;
  private readonly traits: Traits;

  constructor(private readonly opened: OpenedDevice) {
    const { device, description, subgroups, software } = opened;
    this.description = `${description}, float32`;
    this.pool = new BufferPool(device, description);
    this.largestTensor = this.pool.largest;
    this.encoder = new Encoder(device);
    const subgroupSize = subgroups && subgroups.min === subgroups.max ? subgroups.max : 0;
    this.traits = { subgroupSize, software };
  }

  upload(values: ArrayLike<number>): Storage {
    const storage = this.own(fresh(values.length));
    this.fill(storage, values);
    return storage;
  }

  constant(key: object, values: () => ArrayLike<number>): Storage {
    const known = this.constants.get(key);
    if (known) return known;
    const numbers = values();
    const storage = fresh(numbers.length);
    this.fill(storage, numbers);
    this.constants.set(key, storage);
    return storage;
  }

  run<P>(kernel: Kernel<P>, inputs: readonly Storage[], shapes: readonly Shape[], params: P): Storage {
    const output = this.own(fresh(sizeOf(kernel.outShape(shapes, params))));
    const launch = kernel.launch(shapes, params, this.traits);
    this.pending.push({ name: kernel.name, launch, inputs: inputs.map(gpuStorage), output });
    return output;
  }

  part(storage: Storage, offset: number, size: number): Storage {
    const { memory, offset: start } = gpuStorage(storage);
    return this.own(new GpuStorage(memory, start + offset, size));
  }

  whole(parts: readonly Storage[], offsets: readonly number[], size: number): Storage | undefined {
    const all = parts.map(gpuStorage);
    const [{ memory }] = all;
    const fits = all.every((part, i) => part.memory === memory && part.offset === offsets[i]);
    return fits && memory.size === size ? this.own(new GpuStorage(memory, 0, size)) : undefined;
  }

  async read(storage: Storage): Promise<Values> {
    this.flush();
    const { memory, offset, size } = gpuStorage(storage);
    const { buffer } = memory;
    if (!buffer) throw new Error('a tensor was read after its scope had ended');
    const { device, software } = this.opened;
    const staging = device.createBuffer({ size: 4 * size, usage: GPU_MAP_READ | GPU_COPY_DST });
    const commands = device.createCommandEncoder();
    commands.copyBufferToBuffer(buffer.gpu, 4 * offset, staging, 0, 4 * size);
    device.queue.submit([commands.finish()]);
    await settle(staging.mapAsync(GPU_MAP_MODE_READ), software).catch((error: unknown) => {
      this.fail(`reading back failed: ${String(error)}`);
    });
    await this.check();
    const values = new Float32Array(staging.getMappedRange().slice(0));
    staging.destroy();
    return values;
  }

  async sync(): Promise<void> {
    this.flush();
    await settle(this.opened.device.queue.onSubmittedWorkDone(), this.opened.software);
    await this.check();
  }

  scope<T>(body: () => T, kept: (result: T) => Iterable<Storage>): T {
    const mine = new Set<GpuStorage>();
    const outer = this.scopes;
    this.scopes = [...outer, mine];
    try {
      const result = body();
      for (const storage of kept(result)) {
        if (mine.delete(gpuStorage(storage))) outer.at(-1)?.add(gpuStorage(storage));
      }
      return result;
    } finally {
      this.scopes = outer;
      mine.forEach((storage) => {
        storage.die();
      });
      this.flush();
      mine.forEach((storage) => this.forget(storage));
    }
  }

  free(storage: Storage): void {
    const mine = gpuStorage(storage);
    mine.die();
    this.flush();
    this.forget(mine);
  }

  memory(): MemoryStats {
    const memories = new Set([...this.live].map(({ memory }) => memory));
    const bytes = [...memories].reduce((sum, { size }) => sum + 4 * size, 0);
    return { tensors: this.live.size, bytes, reserved: this.pool.reserved };
  }

  close(): void {
    this.pool.destroy();
    this.encoder.destroy();
    this.opened.device.destroy();
  }

  /** Encodes and submits what is pending. */
  private flush(): void {
    if (this.pending.length === 0) return;
    const { device } = this.opened;
    device.pushErrorScope('validation');
    device.pushErrorScope('out-of-memory');
    const work = needed(this.pending);
    this.pending = [];
    const lastReader = new Map<Memory, Pending>();
    for (const op of work) op.inputs.forEach(({ memory }) => lastReader.set(memory, op));
    this.encoder.begin(work.map(({ launch }) => launch.uniforms));
    for (const op of work) {
      op.output.memory.buffer ??= this.pool.acquire(4 * op.output.size);
      const bindings = [...op.inputs, op.output].map((storage) => bindingOf(storage, op.name));
      this.encoder.dispatch(op.name, op.launch, bindings);
      for (const { memory } of op.inputs) {
        if (memory.holders === 0 && lastReader.get(memory) === op) this.recycle(memory);
      }
    }
    this.encoder.end();
    this.errors.push(device.popErrorScope(), device.popErrorScope());
  }

  /** @throws DeviceError with the first thing that went wrong since the last check. */
  private async check(): Promise<void> {
    const errors = await settle(Promise.all(this.errors.splice(0)), this.opened.software);
    const first = errors.find((error) => error !== null);
    if (first) this.fail(first.message);
    this.opened.check();
    if (this.failure) throw this.failure;
  }

  private fail(message: string): void {
    this.failure ??= new DeviceError(`${this.opened.description}: ${message}`);
  }

  private own(storage: GpuStorage): GpuStorage {
    this.live.add(storage);
    this.scopes.at(-1)?.add(storage);
    return storage;
  }

  private fill({ memory }: GpuStorage, values: ArrayLike<number>): void {
    memory.buffer = this.pool.acquire(4 * memory.size);
    const floats = values instanceof Float32Array ? values : Float32Array.from(values);
    this.opened.device.queue.writeBuffer(memory.buffer.gpu, 0, floats);
  }

  private forget(storage: GpuStorage): void {
    this.live.delete(storage);
    if (storage.memory.holders === 0) this.recycle(storage.memory);
  }

  private recycle(memory: Memory): void {
    if (memory.buffer) this.pool.release(memory.buffer);
    memory.buffer = undefined;
  }
}

// GPUBufferUsage and GPUMapMode, which Dawn's module defines as globals only once it is loaded.
const GPU_MAP_READ = 0x1;
const GPU_COPY_DST = 0x8;
const GPU_MAP_MODE_READ = 0x1;

const gpuStorage = (storage: Storage): GpuStorage => {
  if (!(storage instanceof GpuStorage)) throw new TypeError('a tensor of another backend reached the GPU');
  return storage;
};

/** A storage in memory of its own. */
const fresh = (size: number): GpuStorage => new GpuStorage(new Memory(size), 0, size);

function bindingOf({ memory, offset, size }: GpuStorage, op: string): Binding {
  const { buffer } = memory;
  if (!buffer) throw new Error(`${op}: an input was used after its scope had ended`);
  // Kernels read four elements at once, the last ones as well.
  return size === memory.size ? { buffer } : { buffer, offset: 4 * offset, bytes: 16 * Math.ceil(size / 4) };
}

/** The ops whose results are wanted: those of living tensors, and whatever these were computed from. */
function needed(pending: readonly Pending[]): Pending[] {
  const wanted = new Set<Memory>();
  const kept = pending.toReversed().filter(({ inputs, output }) => {
    const keep = output.memory.holders > 0 || wanted.has(output.memory);
    if (keep) inputs.forEach(({ memory }) => wanted.add(memory));
    return keep;
  });
  return kept.reverse();
}

import type { Values } from '../backend.js';
import { BufferPool, type PooledBuffer } from './bufferPool.js';
import { DeferredBackend, type Compiled } from './deferredBackend.js';
import { traitsOf, type OpenedDevice } from './device.js';
import { DeviceError } from './deviceError.js';
import { Encoder } from './encoder.js';
import { settle } from './wait.js';
import type { Step } from './work.js';

/** A storage buffer. */
export interface DeviceBuffer extends PooledBuffer {
  readonly gpu: GPUBuffer;
}

/** float32 on WebGPU. */
export class GpuBackend extends DeferredBackend<DeviceBuffer> {
  readonly kind = 'gpu';
  private readonly encoder: Encoder;
  private errors: Promise<GPUError | null>[] = [];
  private failure: DeviceError | undefined;

  constructor(private readonly opened: OpenedDevice) {
    const { device, description, features } = opened;
    const largest = largestBuffer(device);
    const make = (id: number, bytes: number): DeviceBuffer => {
      const usage = GPU_STORAGE | GPU_COPY_SRC | GPU_COPY_DST;
      return { id, bytes, gpu: device.createBuffer({ size: Math.min(bytes, largest), usage }) };
    };
    super(
      `${description}, float32`,
      new BufferPool({ largest, device: description }, make),
      traitsOf(opened),
      features.includes('shader-f16'),
    );
    this.encoder = new Encoder(device);
  }

  async sync(): Promise<void> {
    this.flush();
    await settle(this.opened.device.queue.onSubmittedWorkDone(), this.opened.software);
    await this.check();
  }

  close(): void {
    this.pool.all.forEach(({ gpu }) => {
      gpu.destroy();
    });
    this.encoder.destroy();
    this.opened.device.destroy();
  }

  protected async download({ gpu }: DeviceBuffer, offset: number, size: number): Promise<Values> {
    const { device, software } = this.opened;
    const staging = device.createBuffer({ size: 4 * size, usage: GPU_MAP_READ | GPU_COPY_DST });
    const commands = device.createCommandEncoder();
    commands.copyBufferToBuffer(gpu, 4 * offset, staging, 0, 4 * size);
    device.queue.submit([commands.finish()]);
    await settle(staging.mapAsync(GPU_MAP_MODE_READ), software).catch((error: unknown) => {
      this.fail(`reading back failed: ${String(error)}`);
    });
    await this.check();
    const values = new Float32Array(staging.getMappedRange().slice(0));
    staging.destroy();
    return values;
  }

  protected write({ gpu }: DeviceBuffer, values: ArrayLike<number>): void {
    const floats = values instanceof Float32Array ? values : Float32Array.from(values);
    this.opened.device.queue.writeBuffer(gpu, 0, floats);
  }

  protected submit(steps: readonly Step<DeviceBuffer>[]): void {
    this.watched(() => this.encoder.submit(steps));
  }

  protected compile(steps: readonly Step<DeviceBuffer>[]): Compiled {
    const ready = this.watched(() => this.encoder.compile(steps));
    return {
      run: () => this.watched(() => ready.run()),
      destroy: () => ready.destroy(),
    };
  }

  /** Collects what WebGPU has against it, for the next `check`. */
  private watched<T>(work: () => T): T {
    const { device } = this.opened;
    device.pushErrorScope('validation');
    device.pushErrorScope('out-of-memory');
    try {
      return work();
    } finally {
      this.errors.push(device.popErrorScope(), device.popErrorScope());
    }
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
}

// GPUBufferUsage and GPUMapMode, which Dawn's module defines as globals only once it is loaded.
const GPU_MAP_READ = 0x1;
const GPU_COPY_SRC = 0x4;
const GPU_COPY_DST = 0x8;
const GPU_STORAGE = 0x80;
const GPU_MAP_MODE_READ = 0x1;

/** Bytes, a multiple of 16. */
function largestBuffer({ limits }: GPUDevice): number {
  const most = Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize);
  return most - (most % 16);
}

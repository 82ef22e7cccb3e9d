import { DeviceError } from './deviceError.js';

/** A buffer of the pool, with a number that names it in bind group keys. */
export interface PooledBuffer {
  readonly id: number;
  readonly gpu: GPUBuffer;
  /** Bytes, a size class: at least what was asked for. */
  readonly bytes: number;
}

/**
 * Storage buffers by size class. The oldest idle one is reused first, in whatever order they came back, so that a
 * step that allocates as the step before gets the very same buffers, and bind groups of old can serve it. The
 * queue runs in order: a buffer may be handed out again while work that read it is still under way.
 */
export class BufferPool {
  private readonly idle = new Map<number, PooledBuffer[]>();
  private readonly all: PooledBuffer[] = [];
  private total = 0;

  constructor(
    private readonly device: GPUDevice,
    private readonly adapter: string,
  ) {}

  /** Bytes held in all, idle buffers included. */
  get reserved(): number {
    return this.total;
  }

  /** Bytes of the largest buffer that can be had, a multiple of 16. */
  get largest(): number {
    const { maxStorageBufferBindingSize, maxBufferSize } = this.device.limits;
    const most = Math.min(maxStorageBufferBindingSize, maxBufferSize);
    return most - (most % 16);
  }

  /** @throws DeviceError if the adapter allows no binding of this size. */
  acquire(bytes: number): PooledBuffer {
    const size = sizeClass(bytes);
    const reused = this.idle.get(size)?.shift();
    if (reused) return reused;
    const most = this.largest;
    if (bytes > most)
      throw new DeviceError(
        `a tensor of ${mib(bytes)} MiB does not fit: ${this.adapter} allows ${mib(most)} MiB per buffer; use smaller frames or fewer frames per pass`,
      );
    const gpu = this.device.createBuffer({
      size: Math.min(size, most),
      usage: GPU_STORAGE | GPU_COPY_SRC | GPU_COPY_DST,
    });
    const buffer = { id: this.all.length, gpu, bytes: size };
    this.all.push(buffer);
    this.total += size;
    return buffer;
  }

  release(buffer: PooledBuffer): void {
    const list = this.idle.get(buffer.bytes);
    if (!list) {
      this.idle.set(buffer.bytes, [buffer]);
      return;
    }
    let [low, high] = [0, list.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (list[middle].id < buffer.id) low = middle + 1;
      else high = middle;
    }
    list.splice(low, 0, buffer);
  }

  destroy(): void {
    this.all.forEach(({ gpu }) => {
      gpu.destroy();
    });
  }
}

// GPUBufferUsage, which Dawn's module defines as a global only once it is loaded.
const GPU_COPY_SRC = 0x4;
const GPU_COPY_DST = 0x8;
const GPU_STORAGE = 0x80;

const mib = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);

/** Sizes are rounded up to multiples of an eighth of their power of two, at least 16 bytes: 12.5 % waste at most. */
export function sizeClass(bytes: number): number {
  const step = Math.max(16, 2 ** (Math.floor(Math.log2(Math.max(bytes, 1))) - 3));
  return Math.max(16, Math.ceil(bytes / step) * step);
}

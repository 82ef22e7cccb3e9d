import { DeviceError } from './deviceError.js';

/** A buffer of the pool, with a number that names it in bind group keys. */
export interface PooledBuffer {
  readonly id: number;
  /** Bytes, a size class: at least what was asked for. */
  readonly bytes: number;
}

/** What a device allows. */
export interface BufferLimits {
  /** Bytes of the largest buffer that can be had, a multiple of 16. */
  readonly largest: number;
  /** The device, for messages. */
  readonly device: string;
}

/**
 * Storage buffers by size class. The oldest idle one is reused first, in whatever order they came back, so that a
 * step that allocates as the step before gets the very same buffers, and bind groups of old can serve it. The
 * queue runs in order: a buffer may be handed out again while work that read it is still under way.
 */
export class BufferPool<B extends PooledBuffer> {
  private readonly idle = new Map<number, B[]>();
  private readonly made: B[] = [];
  private total = 0;

  /** @param make a new buffer: its number, and its bytes */
  constructor(
    readonly limits: BufferLimits,
    private readonly make: (id: number, bytes: number) => B,
  ) {}

  /** All buffers, idle ones included. */
  get all(): readonly B[] {
    return this.made;
  }

  /** Bytes held in all, idle buffers included. */
  get reserved(): number {
    return this.total;
  }

  /** @throws DeviceError if the adapter allows no binding of this size. */
  acquire(bytes: number): B {
    const size = sizeClass(bytes);
    const reused = this.idle.get(size)?.shift();
    if (reused) return reused;
    const { largest, device } = this.limits;
    if (bytes > largest)
      throw new DeviceError(
        `a tensor of ${mib(bytes)} MiB does not fit: ${device} allows ${mib(largest)} MiB per buffer; use smaller frames or fewer frames per pass`,
      );
    const buffer = this.make(this.made.length, size);
    this.made.push(buffer);
    this.total += size;
    return buffer;
  }

  release(buffer: B): void {
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
}

const mib = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);

/** Sizes are rounded up to multiples of an eighth of their power of two, at least 16 bytes: 12.5 % waste at most. */
export function sizeClass(bytes: number): number {
  const step = Math.max(16, 2 ** (Math.floor(Math.log2(Math.max(bytes, 1))) - 3));
  return Math.max(16, Math.ceil(bytes / step) * step);
}

import type { Backend, MemoryStats, Storage, Values } from './backend.js';
import type { ElementType } from './elementType.js';
import { resultType, type Kernel } from './kernel.js';
import type { Shape } from './shape.js';

class CpuStorage implements Storage {
  constructor(
    readonly values: Float64Array,
    readonly type: ElementType,
  ) {}

  get size(): number {
    return this.values.length;
  }
}

const valuesOf = (storage: Storage): Float64Array => {
  if (!(storage instanceof CpuStorage)) throw new TypeError('a tensor of another backend reached the CPU');
  return storage.values;
};

/**
 * The float64 backend: every kernel is its own reference. Slow and exact, for the mathematics, for
 * gradient checks, and for machines without a usable adapter.
 */
export class CpuBackend implements Backend {
  readonly kind = 'cpu';
  readonly description = 'CPU, float64 (reference implementation: exact and slow)';
  readonly half = false;
  readonly largestTensor = Infinity;
  private readonly live = new Set<Storage>();
  private readonly constants = new WeakMap<object, Storage>();
  private scopes: Set<Storage>[] = [];

  upload(values: ArrayLike<number>): Storage {
    return this.own(Float64Array.from(values), 'f32');
  }

  constant(key: object, values: () => ArrayLike<number>): Storage {
    const known = this.constants.get(key);
    if (known) return known;
    const storage = new CpuStorage(Float64Array.from(values()), 'f32');
    this.constants.set(key, storage);
    return storage;
  }

  run<P>(kernel: Kernel<P>, inputs: readonly Storage[], shapes: readonly Shape[], params: P): Storage {
    const types = inputs.map(({ type }) => type);
    return this.own(
      kernel.reference(inputs.map(valuesOf), shapes, params),
      resultType(kernel, types, params),
    );
  }

  part(storage: Storage, offset: number, size: number): Storage {
    return this.own(valuesOf(storage).subarray(offset, offset + size), storage.type);
  }

  whole(parts: readonly Storage[], offsets: readonly number[], size: number): Storage | undefined {
    const all = parts.map(valuesOf);
    const [{ buffer }] = all;
    const fits = all.every((v, i) => v.buffer === buffer && v.byteOffset === 8 * offsets[i]);
    return fits && buffer.byteLength === 8 * size
      ? this.own(new Float64Array(buffer), parts[0].type)
      : undefined;
  }

  read(storage: Storage): Promise<Values> {
    return Promise.resolve(valuesOf(storage).slice());
  }

  sync(): Promise<void> {
    return Promise.resolve();
  }

  scope<T>(body: () => T, kept: (result: T) => Iterable<Storage>): T {
    const mine = new Set<Storage>();
    const outer = this.scopes;
    this.scopes = [...outer, mine];
    try {
      const result = body();
      for (const storage of kept(result)) {
        if (mine.delete(storage)) outer.at(-1)?.add(storage);
      }
      return result;
    } finally {
      this.scopes = outer;
      mine.forEach((storage) => this.live.delete(storage));
    }
  }

  free(storage: Storage): void {
    this.live.delete(storage);
  }

  record(): undefined {
    return undefined;
  }

  memory(): MemoryStats {
    const bytes = [...this.live].reduce((sum, { size }) => sum + 8 * size, 0);
    return { tensors: this.live.size, bytes, reserved: bytes };
  }

  close(): void {
    this.live.clear();
  }

  private own(values: Float64Array, type: ElementType): Storage {
    const storage = new CpuStorage(values, type);
    this.live.add(storage);
    this.scopes.at(-1)?.add(storage);
    return storage;
  }
}

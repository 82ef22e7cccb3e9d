import type { Backend, Kernel, MemoryStats, Shape, Storage, Values } from '../kernels/index.js';

/** Something that a backend has just been given or asked to compute. */
export interface Result {
  /** name of the kernel, or 'upload' */
  readonly made: string;
  readonly inputs: readonly Storage[];
  readonly shape: Shape;
  readonly storage: Storage;
}

/** A backend that shows every result to `seen`, when it may be read, in the order in which they are asked for. */
export class WatchedBackend implements Backend {
  readonly kind: Backend['kind'];
  readonly description: string;
  readonly half: boolean;
  readonly largestTensor: number;

  constructor(
    private readonly inner: Backend,
    private readonly seen: (result: Result) => void,
  ) {
    this.kind = inner.kind;
    this.description = inner.description;
    this.half = inner.half;
    this.largestTensor = inner.largestTensor;
  }

  upload(values: ArrayLike<number>): Storage {
    const storage = this.inner.upload(values);
    this.seen({ made: 'upload', inputs: [], shape: [values.length], storage });
    return storage;
  }

  constant(key: object, values: () => ArrayLike<number>): Storage {
    return this.inner.constant(key, values);
  }

  run<P>(kernel: Kernel<P>, inputs: readonly Storage[], shapes: readonly Shape[], params: P): Storage {
    const storage = this.inner.run(kernel, inputs, shapes, params);
    this.seen({ made: kernel.name, inputs, shape: kernel.outShape(shapes, params), storage });
    return storage;
  }

  part(storage: Storage, offset: number, size: number): Storage {
    return this.inner.part(storage, offset, size);
  }

  whole(parts: readonly Storage[], offsets: readonly number[], size: number): Storage | undefined {
    return this.inner.whole(parts, offsets, size);
  }

  read(storage: Storage): Promise<Values> {
    return this.inner.read(storage);
  }

  sync(): Promise<void> {
    return this.inner.sync();
  }

  scope<T>(body: () => T, kept: (result: T) => Iterable<Storage>): T {
    return this.inner.scope(body, kept);
  }

  free(storage: Storage): void {
    this.inner.free(storage);
  }

  /** Nothing is recorded: every result is to be seen. */
  record(): undefined {
    return undefined;
  }

  memory(): MemoryStats {
    return this.inner.memory();
  }

  close(): void {
    this.inner.close();
  }
}

import type { ElementType } from './elementType.js';
import type { Kernel } from './kernel.js';
import type { Shape } from './shape.js';

/** Numbers of one tensor as they arrive on the host: float64 from the CPU backend, float32 from a GPU. */
export type Values = Float64Array | Float32Array;

/** A part of a storage starts at a multiple of this many bytes, the alignment that WebGPU guarantees. */
export const PART_BYTES = 256;

/** Where a backend keeps the elements of one tensor. Opaque outside its backend. */
export interface Storage {
  /** Number of elements. */
  readonly size: number;
  /** How they are stored. The CPU backend keeps account of it and stores float64 whatever it is. */
  readonly type: ElementType;
}

/** Work that was asked for once and can be done again with other inputs, at little cost for the host. */
export interface Recording {
  /**
   * Does the work. What it gives is what the body would have given, bit for bit.
   *
   * @param inputs which lie in memory as those did that the recording was made with
   * @returns the results, which belong to the innermost scope; `undefined` if the inputs lie in another way
   */
  replay(inputs: readonly Storage[]): Storage[] | undefined;
  /** Gives back what it holds. */
  free(): void;
}

/** What a backend holds right now, for leak checks. */
export interface MemoryStats {
  /** Tensors that have not been freed. */
  readonly tensors: number;
  /** Bytes they occupy. */
  readonly bytes: number;
  /** Bytes held in all, free buffers that wait for reuse included. */
  readonly reserved: number;
}

/**
 * Something that runs kernels. There are two: float64 on the CPU, made of the kernels' references, and
 * float32 on WebGPU, made of their WGSL. A third one plans the work of the second. Nothing but `read` and `sync` waits.
 */
export interface Backend {
  /** `plan` computes nothing and holds no elements: what it is given may be a length alone. */
  readonly kind: 'cpu' | 'gpu' | 'plan';
  /** One line for people: adapter, driver, precision. */
  readonly description: string;
  /** Whether it can store f16 in 16 bits. */
  readonly half: boolean;
  /** Bytes of the largest tensor that it can hold. */
  readonly largestTensor: number;
  upload(values: ArrayLike<number>): Storage;
  /** Numbers that never change, uploaded once per `key` and kept as long as the backend, outside all scopes. */
  constant(key: object, values: () => ArrayLike<number>): Storage;
  run<P>(kernel: Kernel<P>, inputs: readonly Storage[], shapes: readonly Shape[], params: P): Storage;
  /**
   * Elements `offset` … `offset + size − 1` of a storage, in its memory: no copy. That memory is given back with the
   * last storage that lies in it.
   *
   * @param offset in elements; a multiple of PART_BYTES in bytes
   */
  part(storage: Storage, offset: number, size: number): Storage;
  /** The storage of `size` elements of which these are the parts at `offsets`; undefined if there is none. */
  whole(parts: readonly Storage[], offsets: readonly number[], size: number): Storage | undefined;
  /** @throws DeviceError if anything on the device failed since the last wait. */
  read(storage: Storage): Promise<Values>;
  /** Waits until all that was asked for is done. @throws DeviceError as `read` does. */
  sync(): Promise<void>;
  /**
   * Runs `body` and frees every storage made in it, except those that `kept` names among its result.
   * Scopes nest: what an inner one keeps belongs to the outer one.
   */
  scope<T>(body: () => T, kept: (result: T) => Iterable<Storage>): T;
  /** Frees a storage that lives outside every scope. */
  free(storage: Storage): void;
  /**
   * Notes what `body` asks for, and does nothing yet. Numbers that it uploads are part of the recording. It must not read.
   *
   * @param inputs all storages that it takes and that may be others when it is replayed
   * @returns `undefined` from a backend that would gain nothing: there the body is run again and again
   */
  record(inputs: readonly Storage[], body: () => readonly Storage[]): Recording | undefined;
  memory(): MemoryStats;
  /** Gives everything back. The backend cannot be used afterwards. */
  close(): void;
}

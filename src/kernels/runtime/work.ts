import { bytesOf } from '../elementType.js';
import type { Launch } from '../kernel.js';
import type { Pointwise } from '../pointwise.js';
import type { PooledBuffer } from './bufferPool.js';
import type { Memory, MemoryStorage } from './storage.js';

/** An op that was asked for and not yet submitted. */
export interface Op<B extends PooledBuffer> {
  /** Of the kernel, or of those that were joined. */
  readonly name: string;
  readonly multiplyAdds: number;
  readonly pointwise?: Pointwise | undefined;
  readonly launch: Launch;
  readonly inputs: readonly MemoryStorage<B>[];
  readonly output: MemoryStorage<B>;
}

/** What one binding of a launch shows: a buffer, or bytes of it from an offset on. */
export interface Binding<B extends PooledBuffer> {
  readonly buffer: B;
  readonly offset?: number;
  readonly bytes?: number;
}

/** An op with its buffers: inputs, then the output. */
export interface Step<B extends PooledBuffer> {
  readonly op: Op<B>;
  readonly bindings: readonly Binding<B>[];
}

/** What an op binds: inputs, then the output. */
export const storagesOf = <B extends PooledBuffer>({ inputs, output }: Op<B>): MemoryStorage<B>[] => [
  ...inputs,
  output,
];

/** The ops whose results are wanted: those of living tensors, and whatever these were computed from. */
export function needed<B extends PooledBuffer>(pending: readonly Op<B>[]): Op<B>[] {
  const wanted = new Set<Memory<B>>();
  const kept = pending.toReversed().filter(({ inputs, output }) => {
    const keep = output.memory.holders > 0 || wanted.has(output.memory);
    if (keep) inputs.forEach(({ memory }) => wanted.add(memory));
    return keep;
  });
  return kept.reverse();
}

/** Where the memory of ops comes from, and where it goes. */
interface Allocator<B extends PooledBuffer> {
  /** Sees to it that the memory has a buffer. */
  readonly acquire: (memory: Memory<B>) => unknown;
  /** Nobody needs what is in it any more. */
  readonly release: (memory: Memory<B>) => void;
  readonly emit: (op: Op<B>) => unknown;
}

/** Walks over ops in order: outputs come to be, and each memory is given back as soon as its last reader has gone by. */
export function walk<B extends PooledBuffer>(
  work: readonly Op<B>[],
  { acquire, release, emit }: Allocator<B>,
): void {
  const lastReader = new Map<Memory<B>, Op<B>>();
  for (const op of work) op.inputs.forEach(({ memory }) => lastReader.set(memory, op));
  for (const op of work) {
    acquire(op.output.memory);
    emit(op);
    for (const { memory } of op.inputs)
      if (memory.holders === 0 && lastReader.get(memory) === op) release(memory);
  }
}

/** How an op sees a storage that lies in `buffer`. */
export const bindingOf = <B extends PooledBuffer>(
  { memory, offset, size, type }: MemoryStorage<B>,
  buffer: B,
): Binding<B> =>
  // Kernels read four elements at once, the last ones as well.
  size === memory.size
    ? { buffer }
    : { buffer, offset: bytesOf[type] * offset, bytes: 4 * bytesOf[type] * Math.ceil(size / 4) };

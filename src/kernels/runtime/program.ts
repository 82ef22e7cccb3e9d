import type { ElementType } from '../elementType.js';
import { BufferPool, type BufferLimits, type PooledBuffer } from './bufferPool.js';
import type { Memory, MemoryStorage } from './storage.js';
import { bindingOf, storagesOf, walk, type Op, type Step } from './work.js';

/** Where a storage lies: in a row of the program's table of memories. */
interface Place {
  readonly row: number;
  readonly offset: number;
  readonly size: number;
  /** Elements of the memory. */
  readonly of: number;
  readonly type: ElementType;
}

/** Steps whose buffers are still to be named: a table of memories, and which of its rows each step works in. */
export interface Program<B extends PooledBuffer> {
  /** `rows`: of the inputs of the op and of its output. */
  readonly steps: readonly { readonly op: Op<B>; readonly rows: readonly number[] }[];
  /** Bytes of the buffers that it works in: the first rows. */
  readonly slots: readonly number[];
  /** The other rows: first the memories of its inputs, then those that it found and that stay as they are. */
  readonly outside: readonly Memory<B>[];
  readonly inputs: readonly Place[];
  readonly outputs: readonly Place[];
}

/**
 * Plans ops once: which of them share a buffer depends on nothing that changes from one submission to the next.
 *
 * @param outputs their memories are held by the caller, so that nothing else is put there
 * @throws DeviceError if a tensor exceeds the limits
 */
export function programOf<B extends PooledBuffer>(
  work: readonly Op<B>[],
  inputs: readonly MemoryStorage<B>[],
  outputs: readonly MemoryStorage<B>[],
  limits: BufferLimits,
): Program<B> {
  const pool = new BufferPool<PooledBuffer>(limits, (id, bytes) => ({ id, bytes }));
  const inside = new Map<Memory<B>, PooledBuffer>();
  walk(work, {
    acquire: (memory) => inside.set(memory, pool.acquire(memory.bytes)),
    release: (memory) => {
      const slot = inside.get(memory);
      if (slot) pool.release(slot);
    },
    emit: () => undefined,
  });
  const slots = pool.all.map(({ bytes }) => bytes);
  const outside = new Map<Memory<B>, number>();
  const rowOf = (memory: Memory<B>): number => {
    const row = inside.get(memory)?.id ?? outside.get(memory);
    if (row !== undefined) return row;
    outside.set(memory, slots.length + outside.size);
    return rowOf(memory);
  };
  const place = ({ memory, offset, size, type }: MemoryStorage<B>): Place => ({
    row: rowOf(memory),
    offset,
    size,
    of: memory.size,
    type,
  });
  const given = inputs.map(place);
  const steps = work.map((op) => ({ op, rows: storagesOf(op).map(({ memory }) => rowOf(memory)) }));
  const made = outputs.map(place);
  return { steps, slots, outside: [...outside.keys()], inputs: given, outputs: made };
}

/**
 * The memories of a program's table from its first input on, for other inputs; `undefined` if these do not lie as those
 * did that the program was made with: which of them share a memory, where in it they begin, how large it is.
 */
export function memoriesFor<B extends PooledBuffer>(
  { slots, outside, inputs }: Program<B>,
  given: readonly MemoryStorage<B>[],
): Memory<B>[] | undefined {
  if (given.length !== inputs.length) return undefined;
  const memories: Memory<B>[] = [];
  const rows = new Map<Memory<B>, number>();
  for (let i = 0; i < given.length; i++) {
    const { memory, offset, size } = given[i];
    const place = inputs[i];
    const row = place.row - slots.length;
    const known = rows.get(memory);
    if (known === undefined && !(row in memories)) {
      rows.set(memory, row);
      memories[row] = memory;
    } else if (known !== row) return undefined;
    if (offset !== place.offset || size !== place.size || memory.size !== place.of) return undefined;
    if (memory.type !== place.type) return undefined;
  }
  return [...memories, ...outside.slice(memories.length)];
}

/** The steps with the buffers of all rows. */
export const stepsIn = <B extends PooledBuffer>({ steps }: Program<B>, buffers: readonly B[]): Step<B>[] =>
  steps.map(({ op, rows }) => ({
    op,
    bindings: storagesOf(op).map((storage, i) => bindingOf(storage, buffers[rows[i]])),
  }));

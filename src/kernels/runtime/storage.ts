import type { Storage } from '../backend.js';
import { bytesOf, type ElementType } from '../elementType.js';
import type { PooledBuffer } from './bufferPool.js';

/** Memory of a tensor, and of those that are parts of it. The buffer comes when the work that fills it is submitted. */
export class Memory<B extends PooledBuffer> {
  buffer: B | undefined;
  /** Storages in it that an op can still name, and recordings that need it. */
  holders = 0;

  /** @param size elements */
  constructor(
    readonly size: number,
    readonly type: ElementType,
  ) {}

  get bytes(): number {
    return bytesOf[this.type] * this.size;
  }
}

/** The elements of one tensor, in a memory. */
export class MemoryStorage<B extends PooledBuffer> implements Storage {
  private dead = false;

  /** @param offset of its first element in the memory */
  constructor(
    readonly memory: Memory<B>,
    readonly offset: number,
    readonly size: number,
  ) {
    memory.holders++;
  }

  get type(): ElementType {
    return this.memory.type;
  }

  /** Its scope has ended without keeping it, or it was freed: no later op can name it. */
  die(): void {
    if (this.dead) return;
    this.dead = true;
    this.memory.holders--;
  }
}

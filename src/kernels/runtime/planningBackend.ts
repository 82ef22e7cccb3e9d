import type { Values } from '../backend.js';
import { bytesOf } from '../elementType.js';
import { BufferPool, type BufferLimits, type PooledBuffer } from './bufferPool.js';
import { DeferredBackend, type Compiled } from './deferredBackend.js';
import type { Step } from './work.js';

/** What one dispatch has to do. */
export interface Cost {
  /** Name of the kernel, or names of those that are one launch. */
  readonly kernel: string;
  readonly multiplyAdds: number;
  /** Bytes of what it reads and writes, each counted once. */
  readonly bytes: number;
}

/**
 * A GPU without a device: it notes, plans and reuses buffers as `GpuBackend` does, since both are one code, and computes
 * nothing. So it holds as many bytes as the device would. All elements are 0.
 */
export class PlanningBackend extends DeferredBackend<PooledBuffer> {
  readonly kind = 'plan';
  private costs: Cost[] = [];

  /** @param limits of the device that is planned for; none if left out */
  constructor(limits: BufferLimits = { largest: Infinity, device: 'a device without limits' }) {
    super(
      'plans, and computes nothing',
      new BufferPool(limits, (id, bytes) => ({ id, bytes })),
      { subgroupSize: 0, software: false },
      true,
    );
  }

  /** The dispatches since the last call. */
  takeCosts(): readonly Cost[] {
    this.flush();
    return this.costs.splice(0);
  }

  /** Bytes of the largest buffer so far. */
  get largestBuffer(): number {
    return Math.max(0, ...this.pool.all.map(({ bytes }) => bytes));
  }

  sync(): Promise<void> {
    this.flush();
    return Promise.resolve();
  }

  close(): void {
    this.costs = [];
  }

  protected download(_buffer: PooledBuffer, _offset: number, size: number): Promise<Values> {
    return Promise.resolve(new Float32Array(size));
  }

  protected write(): void {
    // There is nothing to write to.
  }

  protected submit(steps: readonly Step<PooledBuffer>[]): void {
    for (const step of steps) this.costs.push(costOf(step));
  }

  protected compile(steps: readonly Step<PooledBuffer>[]): Compiled {
    const costs = steps.map(costOf);
    return {
      run: () => {
        for (const cost of costs) this.costs.push(cost);
      },
      destroy: () => undefined,
    };
  }
}

const costOf = ({ op: { name, multiplyAdds, inputs, output } }: Step<PooledBuffer>): Cost => ({
  kernel: name,
  multiplyAdds,
  bytes: [...inputs, output].reduce((sum, { size, type }) => sum + bytesOf[type] * size, 0),
});

import { Worker } from 'node:worker_threads';
import { InputError } from '../data/index.js';
import type { Batch, BatchShape } from './batch.js';
import type { DataSpec } from './clipSources.js';

/** What the threads make batches from. */
export interface BatchSource {
  /** see `trainingClips` */
  readonly data: DataSpec;
  readonly seed: number;
  /** Decoded frames that each thread keeps, in bytes. */
  readonly cacheBytes: number;
}

/** The batch that is asked of a thread. */
export interface BatchOrder {
  readonly step: number;
  readonly shape: BatchShape;
}

/** What a thread starts with. */
export interface BatchThread {
  readonly source: BatchSource;
  /** One element, shared by all threads: not 0 once they are to end. */
  readonly closing: Int32Array;
}

export type BatchReply =
  { readonly step: number; readonly batch: Batch } | { readonly step: number; readonly problem: string };

interface Waiting {
  readonly resolve: (batch: Batch) => void;
  readonly reject: (error: Error) => void;
}

const compiled = !import.meta.url.endsWith('.ts');
const file = new URL(compiled ? './batchWorker.js' : './batchWorker.ts', import.meta.url);

/** From the sources, tests for one, a thread has to load tsx first. */
const program = compiled
  ? file
  : `import('tsx/esm/api').then(({ register }) => { register(); return import(${JSON.stringify(file.href)}); });`;

/**
 * Threads that make the batches of coming steps while the device works. A batch follows from the source, its
 * step and its shape alone, so neither the number of threads nor their pace shows in the result.
 */
export class BatchPool {
  private readonly closing = new Int32Array(new SharedArrayBuffer(4));
  private readonly workers: Worker[];
  private readonly ended: Promise<unknown>[];
  private readonly ready = new Map<number, Promise<Batch>>();
  private readonly waiting = new Map<number, Waiting>();

  /**
   * @param shapeOf the shape of the batch of each step
   * @param threads at least 1; as many batches are made ahead
   */
  constructor(
    source: BatchSource,
    private readonly shapeOf: (step: number) => BatchShape,
    threads: number,
  ) {
    this.workers = Array.from({ length: threads }, () => {
      const start: BatchThread = { source, closing: this.closing };
      const worker = new Worker(program, { workerData: start, eval: !compiled });
      worker.on('message', (reply: BatchReply) => this.settle(reply));
      worker.on('error', (error) => this.fail(error));
      return worker;
    });
    this.ended = this.workers.map((worker) => new Promise((resolve) => worker.once('exit', resolve)));
  }

  /**
   * The batch of a step. Steps are asked for in order, each once.
   * @throws InputError if the clips cannot be had
   */
  batch(step: number): Promise<Batch> {
    for (let ahead = step; ahead <= step + this.workers.length; ahead++) {
      if (!this.ready.has(ahead)) this.ready.set(ahead, this.request(ahead));
    }
    const batch = this.ready.get(step)!;
    this.ready.delete(step);
    return batch;
  }

  /**
   * Ends the threads, each after the batch that it is making; what else was asked for is not made. They are not
   * terminated: Node 20 aborts the whole process when that meets a thread in the making of a zlib stream.
   */
  async close(): Promise<void> {
    Atomics.store(this.closing, 0, 1);
    this.workers.forEach((worker) => worker.postMessage('close'));
    await Promise.all(this.ended);
  }

  private request(step: number): Promise<Batch> {
    const batch = new Promise<Batch>((resolve, reject) => this.waiting.set(step, { resolve, reject }));
    batch.catch(() => undefined); // it may fail before anyone asks for it; then whoever asks is told
    const order: BatchOrder = { step, shape: this.shapeOf(step) };
    this.workers[step % this.workers.length].postMessage(order);
    return batch;
  }

  private settle(reply: BatchReply): void {
    const { resolve, reject } = this.waiting.get(reply.step)!;
    this.waiting.delete(reply.step);
    if ('batch' in reply) resolve(reply.batch);
    else reject(new InputError(reply.problem));
  }

  private fail(error: Error): void {
    this.waiting.forEach(({ reject }) => reject(new InputError(error.message, { cause: error })));
    this.waiting.clear();
  }
}

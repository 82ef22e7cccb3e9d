import type { Backend, MemoryStats, Recording, Storage, Values } from '../backend.js';
import { cast } from '../cast.js';
import type { ElementType } from '../elementType.js';
import { inHalf } from '../halfSource.js';
import { resultType, type Kernel, type Launch, type Traits } from '../kernel.js';
import { sizeOf, type Shape } from '../shape.js';
import type { BufferPool, PooledBuffer } from './bufferPool.js';
import { DeviceError } from './deviceError.js';
import { fused } from './fuse.js';
import { memoriesFor, programOf, stepsIn, type Program } from './program.js';
import { Memory, MemoryStorage } from './storage.js';
import { bindingOf, needed, storagesOf, walk, type Op, type Step } from './work.js';

/** Steps that are ready to be submitted, any number of times. */
export interface Compiled {
  run(): void;
  destroy(): void;
}

/** A program in the buffers of these numbers. */
interface Bound {
  readonly ids: readonly number[];
  readonly work: Compiled;
}

/** A program is kept ready in so many sets of buffers: what a step makes is often what the next one takes, by turns. */
const MOST_BOUND = 4;

/**
 * Ops are noted and submitted together when a scope ends or a result is read; only then do outputs get buffers. By
 * that time it is known which tensors are still wanted: ops that nobody needs are dropped, chains of pointwise ops are
 * joined, and a buffer is reused as soon as its last reader has been encoded. What a buffer is, and what submitting means, is left open.
 */
export abstract class DeferredBackend<B extends PooledBuffer> implements Backend {
  abstract readonly kind: 'gpu' | 'plan';
  readonly largestTensor: number;
  private readonly live = new Set<MemoryStorage<B>>();
  private readonly constants = new WeakMap<object, MemoryStorage<B>>();
  private pending: Op<B>[] = [];
  private readonly rewritten = new Map<string, Map<string, string>>();
  private scopes: Set<MemoryStorage<B>>[] = [];
  /** While a recording is made: the memories that were filled from the host, which it keeps. */
  private filled: Memory<B>[] | undefined;

  constructor(
    readonly description: string,
    protected readonly pool: BufferPool<B>,
    private readonly traits: Traits,
    readonly half: boolean,
  ) {
    this.largestTensor = pool.limits.largest;
  }

  abstract sync(): Promise<void>;
  abstract close(): void;
  /** `size` f32 elements of a buffer from `offset` on, when all work before is done. */
  protected abstract download(buffer: B, offset: number, size: number): Promise<Values>;
  protected abstract write(buffer: B, values: ArrayLike<number>): void;
  /** Encodes and submits steps that come once. */
  protected abstract submit(steps: readonly Step<B>[]): void;
  /** Prepares steps that will be submitted again and again. */
  protected abstract compile(steps: readonly Step<B>[]): Compiled;

  upload(values: ArrayLike<number>): Storage {
    const storage = this.own(fresh<B>(values.length));
    this.fill(storage, values);
    return storage;
  }

  constant(key: object, values: () => ArrayLike<number>): Storage {
    const known = this.constants.get(key);
    if (known) return known;
    const numbers = values();
    const storage = fresh<B>(numbers.length);
    this.fill(storage, numbers);
    this.constants.set(key, storage);
    return storage;
  }

  run<P>(kernel: Kernel<P>, inputs: readonly Storage[], shapes: readonly Shape[], params: P): Storage {
    const types = inputs.map((x) => x.type);
    const type = resultType(kernel, types, params);
    if (type === 'f16' && !this.half)
      throw new DeviceError(`${this.description}: has no half precision (WebGPU's feature shader-f16)`);
    const output = this.own(fresh<B>(sizeOf(kernel.outShape(shapes, params)), type));
    const launch = this.typed(kernel.launch(shapes, params, this.traits), [...types, type]);
    this.pending.push({
      name: kernel.name,
      multiplyAdds: kernel.multiplyAdds?.(shapes, params) ?? 0,
      pointwise: kernel.pointwise?.(shapes, params),
      launch,
      inputs: inputs.map((x) => this.mine(x)),
      output,
    });
    return output;
  }

  part(storage: Storage, offset: number, size: number): Storage {
    const { memory, offset: start } = this.mine(storage);
    return this.own(new MemoryStorage(memory, start + offset, size));
  }

  whole(parts: readonly Storage[], offsets: readonly number[], size: number): Storage | undefined {
    const all = parts.map((part) => this.mine(part));
    const [{ memory }] = all;
    const fits = all.every((part, i) => part.memory === memory && part.offset === offsets[i]);
    return fits && memory.size === size ? this.own(new MemoryStorage(memory, 0, size)) : undefined;
  }

  read(storage: Storage): Promise<Values> {
    if (this.filled) throw new Error('a tensor was read while a recording was made: it has no elements yet');
    if (storage.type === 'f16') {
      const wide = this.run(cast, [storage], [[storage.size]], { type: 'f32' });
      const values = this.read(wide);
      this.free(wide);
      return values;
    }
    this.flush();
    const { memory, offset, size } = this.mine(storage);
    if (!memory.buffer) return Promise.reject(new Error('a tensor was read after its scope had ended'));
    return this.download(memory.buffer, offset, size);
  }

  scope<T>(body: () => T, kept: (result: T) => Iterable<Storage>): T {
    const inside = new Set<MemoryStorage<B>>();
    const outer = this.scopes;
    this.scopes = [...outer, inside];
    try {
      const result = body();
      for (const storage of kept(result)) {
        if (inside.delete(this.mine(storage))) outer.at(-1)?.add(this.mine(storage));
      }
      return result;
    } finally {
      this.scopes = outer;
      inside.forEach((storage) => {
        storage.die();
      });
      this.flush();
      inside.forEach((storage) => this.forget(storage));
    }
  }

  free(storage: Storage): void {
    const gone = this.mine(storage);
    gone.die();
    this.flush();
    this.forget(gone);
  }

  record(inputs: readonly Storage[], body: () => readonly Storage[]): Recording | undefined {
    if (this.filled) throw new Error('a recording was asked for while another one was made');
    this.flush();
    const filled: Memory<B>[] = [];
    this.filled = filled;
    const held: Memory<B>[] = [];
    try {
      const outputs = this.scope(
        () => {
          const results = body().map((result) => this.mine(result));
          held.push(...results.map(({ memory }) => memory));
          held.forEach((memory) => memory.holders++);
          return results;
        },
        () => [],
      );
      const given = inputs.map((input) => this.mine(input));
      const program = programOf(this.planned(), given, outputs, this.pool.limits);
      return this.recordingOf(program, filled);
    } catch (error) {
      filled.forEach((memory) => this.letGo(memory));
      throw error;
    } finally {
      held.forEach((memory) => this.letGo(memory));
      this.pending = [];
      this.filled = undefined;
    }
  }

  memory(): MemoryStats {
    const memories = new Set([...this.live].map(({ memory }) => memory));
    const bytes = [...memories].reduce((sum, memory) => sum + memory.bytes, 0);
    return { tensors: this.live.size, bytes, reserved: this.pool.reserved };
  }

  /** Submits what is pending. While a recording is made everything waits for its end. */
  protected flush(): void {
    if (this.pending.length === 0 || this.filled) return;
    const work = this.planned();
    this.pending = [];
    const steps: Step<B>[] = [];
    walk(work, {
      acquire: (memory) => (memory.buffer ??= this.pool.acquire(memory.bytes)),
      release: (memory) => this.recycle(memory),
      emit: (op) =>
        steps.push({
          op,
          bindings: storagesOf(op).map((storage) =>
            bindingOf(storage, storage.memory.buffer ?? gone(op.name)),
          ),
        }),
    });
    this.submit(steps);
  }

  /** What is to be done of all that was asked for. */
  private planned(): Op<B>[] {
    return fused(needed(this.pending), (launch, types) => this.typed(launch, types));
  }

  /** @param kept memories that were filled from the host while it was made */
  private recordingOf(program: Program<B>, kept: readonly Memory<B>[]): Recording {
    const compiled: Bound[] = [];
    return {
      replay: (inputs) => {
        this.flush();
        const memories = memoriesFor(
          program,
          inputs.map((input) => this.mine(input)),
        );
        if (!memories) return undefined;
        const slots = program.slots.map((bytes) => this.pool.acquire(bytes));
        const buffers = [...slots, ...memories.map(({ buffer }) => buffer ?? gone('a recording'))];
        this.boundTo(buffers, program, compiled).run();
        return this.results(program, slots, memories);
      },
      free: () => {
        compiled.splice(0).forEach(({ work }) => work.destroy());
        kept.forEach((memory) => this.letGo(memory));
      },
    };
  }

  /** The program in these buffers: prepared now, or one of the last few times. */
  private boundTo(buffers: readonly B[], program: Program<B>, known: Bound[]): Compiled {
    const found = known.find(({ ids }) => buffers.every(({ id }, row) => id === ids[row]));
    if (found) return found.work;
    if (known.length === MOST_BOUND) known.shift()?.work.destroy();
    const work = this.compile(stepsIn(program, buffers));
    known.push({ ids: buffers.map(({ id }) => id), work });
    return work;
  }

  /** The outputs of a program that has been submitted. Its other buffers go back. */
  private results(program: Program<B>, slots: readonly B[], memories: readonly Memory<B>[]): Storage[] {
    const made = new Map<number, Memory<B>>();
    const memoryOf = (row: number, size: number, type: ElementType): Memory<B> => {
      if (row >= slots.length) return memories[row - slots.length];
      const known = made.get(row);
      if (known) return known;
      const memory = new Memory<B>(size, type);
      memory.buffer = slots[row];
      made.set(row, memory);
      return memory;
    };
    const outputs = program.outputs.map(({ row, offset, size, of, type }) =>
      this.own(new MemoryStorage(memoryOf(row, of, type), offset, size)),
    );
    slots.forEach((buffer, row) => {
      if (!made.has(row)) this.pool.release(buffer);
    });
    return outputs;
  }

  /** The launch on bindings of these types. Texts are rewritten once: pipelines are found by them. */
  private typed(launch: Launch, types: readonly ElementType[]): Launch {
    if (!types.includes('f16')) return launch;
    let variants = this.rewritten.get(launch.wgsl);
    if (!variants) this.rewritten.set(launch.wgsl, (variants = new Map<string, string>()));
    const key = types.join();
    let wgsl = variants.get(key);
    if (wgsl === undefined) variants.set(key, (wgsl = inHalf(launch.wgsl, types)));
    return { ...launch, wgsl };
  }

  private own(storage: MemoryStorage<B>): MemoryStorage<B> {
    this.live.add(storage);
    this.scopes.at(-1)?.add(storage);
    return storage;
  }

  private mine(storage: Storage): MemoryStorage<B> {
    if (!(storage instanceof MemoryStorage))
      throw new TypeError('a tensor of another backend reached the GPU');
    return storage as MemoryStorage<B>;
  }

  private fill({ memory }: MemoryStorage<B>, values: ArrayLike<number>): void {
    memory.buffer = this.pool.acquire(memory.bytes);
    this.write(memory.buffer, values);
    this.filled?.push(memory);
    if (this.filled) memory.holders++;
  }

  private forget(storage: MemoryStorage<B>): void {
    this.live.delete(storage);
    if (storage.memory.holders === 0) this.recycle(storage.memory);
  }

  /** Ends a hold on a memory. */
  private letGo(memory: Memory<B>): void {
    memory.holders--;
    if (memory.holders === 0) this.recycle(memory);
  }

  private recycle(memory: Memory<B>): void {
    if (memory.buffer) this.pool.release(memory.buffer);
    memory.buffer = undefined;
  }
}

/** A storage in memory of its own. */
const fresh = <B extends PooledBuffer>(size: number, type: ElementType = 'f32'): MemoryStorage<B> =>
  new MemoryStorage(new Memory<B>(size, type), 0, size);

function gone(op: string): never {
  throw new Error(`${op}: an input was used after its scope had ended`);
}

import type { ElementType } from '../elementType.js';
import type { Launch } from '../kernel.js';
import { fits, launchChain, type Call, type Spread } from '../pointwise.js';
import type { PooledBuffer } from './bufferPool.js';
import type { Memory, MemoryStorage } from './storage.js';
import type { Op } from './work.js';

/** Inputs of one launch: every adapter of WebGPU binds eight storage buffers, and one is the output. */
const MOST_INPUTS = 7;

/** Ops of one launch: longer ones would gain little, and each text is one more that the driver compiles. */
const MOST_OPS = 16;

/** Pointwise ops in order, each of which but the last makes what only ops after it in the chain read. */
interface Chain<B extends PooledBuffer> {
  readonly ops: readonly Op<B>[];
  /** What they read and do not make themselves, each once. */
  readonly inputs: readonly Input<B>[];
}

interface Input<B extends PooledBuffer> {
  readonly storage: MemoryStorage<B>;
  /** How it is repeated. */
  readonly spread: Spread | undefined;
}

/**
 * The same work, where chains of pointwise ops are one op each: what they make on the way is never in memory, but is
 * rounded as it would be there, so that no bit of a result changes.
 *
 * @param typed the launch for bindings of these types
 */
export function fused<B extends PooledBuffer>(
  work: readonly Op<B>[],
  typed: (launch: Launch, types: readonly ElementType[]) => Launch,
): Op<B>[] {
  const readers = readersOf(work);
  /** By the memory that its last op fills. */
  const chains = new Map<Memory<B>, Chain<B>>();
  for (const op of work) {
    if (!op.pointwise) continue;
    let chain: Chain<B> = { ops: [op], inputs: distinct(readsOf(op)) };
    for (let longer = extended(chain, chains, readers); longer; longer = extended(chain, chains, readers))
      chain = longer;
    for (const { output } of chain.ops) chains.delete(output.memory);
    chains.set(op.output.memory, chain);
  }
  return work.flatMap((op) => {
    if (!op.pointwise) return op;
    const chain = chains.get(op.output.memory);
    if (!chain) return []; // inside another
    return chain.ops.length > 1 ? asOne(chain, typed) : op;
  });
}

/** How many ops read each memory. */
function readersOf<B extends PooledBuffer>(work: readonly Op<B>[]): Map<Memory<B>, number> {
  const readers = new Map<Memory<B>, number>();
  for (const { inputs } of work)
    inputs.forEach(({ memory }, k) => {
      if (inputs.findIndex((input) => input.memory === memory) === k)
        readers.set(memory, (readers.get(memory) ?? 0) + 1);
    });
  return readers;
}

/** The chain with one before it whose result only it reads, all of it, if one launch can have both. */
function extended<B extends PooledBuffer>(
  { ops, inputs }: Chain<B>,
  chains: ReadonlyMap<Memory<B>, Chain<B>>,
  readers: ReadonlyMap<Memory<B>, number>,
): Chain<B> | undefined {
  const { size } = ops[ops.length - 1].output;
  for (const { storage } of inputs) {
    const { memory } = storage;
    if (memory.holders > 0 || memory.size !== size || storage.size !== size) continue;
    const before = chains.get(memory);
    if (!before || before.ops.length + ops.length > MOST_OPS) continue;
    const inside = ops.filter((op) => op.inputs.some((input) => input.memory === memory)).length;
    if (inside !== readers.get(memory)) continue;
    const others = inputs.filter((input) => input.storage.memory !== memory);
    const both = {
      ops: [...before.ops, ...ops],
      inputs: distinct([...before.inputs, ...others]),
    };
    if (both.inputs.length <= MOST_INPUTS && fits(both.ops.flatMap((op) => op.pointwise ?? []))) return both;
  }
  return undefined;
}

const readsOf = <B extends PooledBuffer>({ inputs, pointwise }: Op<B>): Input<B>[] =>
  inputs.map((storage, k) => ({ storage, spread: pointwise?.spreads?.[k] }));

const distinct = <B extends PooledBuffer>(inputs: readonly Input<B>[]): Input<B>[] =>
  inputs.filter((input, k) => inputs.findIndex((other) => same(other, input)) === k);

const same = <B extends PooledBuffer>(a: Input<B>, b: Input<B>): boolean =>
  a.storage.memory === b.storage.memory &&
  a.storage.offset === b.storage.offset &&
  a.storage.size === b.storage.size &&
  a.spread?.inner === b.spread?.inner;

function asOne<B extends PooledBuffer>(
  { ops, inputs }: Chain<B>,
  typed: (launch: Launch, types: readonly ElementType[]) => Launch,
): Op<B> {
  const values = [...inputs, ...ops.map(({ output }) => ({ storage: output, spread: undefined }))];
  const calls = ops.flatMap((op): Call[] => {
    const args = readsOf(op).map((read) => values.findIndex((value) => same(value, read)));
    return op.pointwise ? [{ f: op.pointwise, args, type: op.output.type }] : [];
  });
  const { output } = ops[ops.length - 1];
  const storages = inputs.map(({ storage }) => storage);
  const launch = launchChain(
    inputs.map(({ spread }) => spread),
    calls,
    output.size,
  );
  const types = [...storages, output].map(({ type }) => type);
  const name = ops.map((op) => op.name).join(' ');
  return { name, multiplyAdds: 0, launch: typed(launch, types), inputs: storages, output };
}

import type { ElementType } from '../elementType.js';
import type { Launch } from '../kernel.js';
import { fits, launchChain, type Call, type Pointwise, type Spread } from '../pointwise.js';
import type { PooledBuffer } from './bufferPool.js';
import type { Memory, MemoryStorage } from './storage.js';
import type { Op } from './work.js';

/** Inputs of one launch: every adapter of WebGPU binds eight storage buffers, and one is the output. */
const MOST_INPUTS = 7;

/** Ops of one launch: longer ones would gain little, and each text is one more that the driver compiles. */
const MOST_OPS = 16;

/** Pointwise ops in order, each of which but the last makes what only ops after it in the chain read. */
type Chain<B extends PooledBuffer> = readonly Op<B>[];

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
  const inside = new Set<Op<B>>();
  for (const op of work) {
    if (!op.pointwise) continue;
    let chain: Chain<B> = [op];
    for (;;) {
      const before = chainBefore(chain, chains, readers);
      if (!before) break;
      inside.add(before[before.length - 1]);
      chain = [...before, ...chain];
    }
    chains.set(op.output.memory, chain);
  }
  return work
    .filter((op) => !inside.has(op))
    .map((op) => {
      const chain = chains.get(op.output.memory);
      return chain && chain.length > 1 ? asOne(chain, typed) : op;
    });
}

function readersOf<B extends PooledBuffer>(work: readonly Op<B>[]): Map<Memory<B>, Set<Op<B>>> {
  const readers = new Map<Memory<B>, Set<Op<B>>>();
  for (const op of work)
    for (const { memory } of op.inputs) {
      const known = readers.get(memory);
      if (known) known.add(op);
      else readers.set(memory, new Set([op]));
    }
  return readers;
}

/** A chain whose result only `chain` reads, all of it, and which can be had together with it in one launch. */
function chainBefore<B extends PooledBuffer>(
  chain: Chain<B>,
  chains: ReadonlyMap<Memory<B>, Chain<B>>,
  readers: ReadonlyMap<Memory<B>, ReadonlySet<Op<B>>>,
): Chain<B> | undefined {
  const { size } = chain[chain.length - 1].output;
  for (const { storage } of inputsOf(chain)) {
    const { memory } = storage;
    const before = chains.get(memory);
    if (!before || memory.holders > 0 || memory.size !== size || storage.size !== size) continue;
    if (![...(readers.get(memory) ?? [])].every((op) => chain.includes(op))) continue;
    const both = [...before, ...chain];
    if (both.length <= MOST_OPS && fits(functionsOf(both)) && inputsOf(both).length <= MOST_INPUTS)
      return before;
  }
  return undefined;
}

const functionsOf = <B extends PooledBuffer>(chain: Chain<B>): Pointwise[] =>
  chain.flatMap(({ pointwise }) => pointwise ?? []);

/** What a chain reads that it does not make itself, and how it is repeated: each once. */
function inputsOf<B extends PooledBuffer>(chain: Chain<B>): Input<B>[] {
  const made = new Set(chain.map(({ output }) => output.memory));
  const inputs: Input<B>[] = [];
  for (const op of chain)
    for (const input of readsOf(op))
      if (!made.has(input.storage.memory) && !inputs.some((known) => same(known, input))) inputs.push(input);
  return inputs;
}

interface Input<B extends PooledBuffer> {
  readonly storage: MemoryStorage<B>;
  readonly spread: Spread | undefined;
}

const readsOf = <B extends PooledBuffer>({ inputs, pointwise }: Op<B>): Input<B>[] =>
  inputs.map((storage, k) => ({ storage, spread: pointwise?.spreads?.[k] }));

const same = <B extends PooledBuffer>(a: Input<B>, b: Input<B>): boolean =>
  a.storage.memory === b.storage.memory &&
  a.storage.offset === b.storage.offset &&
  a.storage.size === b.storage.size &&
  a.spread?.inner === b.spread?.inner;

function asOne<B extends PooledBuffer>(
  chain: Chain<B>,
  typed: (launch: Launch, types: readonly ElementType[]) => Launch,
): Op<B> {
  const inputs = inputsOf(chain);
  const made = chain.map(({ output }) => ({ storage: output, spread: undefined }));
  const values = [...inputs, ...made];
  const calls = chain.flatMap((op): Call[] => {
    const args = readsOf(op).map((read) => values.findIndex((value) => same(value, read)));
    return op.pointwise ? [{ f: op.pointwise, args, type: op.output.type }] : [];
  });
  const { output } = chain[chain.length - 1];
  const storages = inputs.map(({ storage }) => storage);
  const launch = launchChain(
    inputs.map(({ spread }) => spread),
    calls,
    output.size,
  );
  const types = [...storages, output].map(({ type }) => type);
  const name = chain.map((op) => op.name).join(' ');
  return { name, multiplyAdds: 0, launch: typed(launch, types), inputs: storages, output };
}

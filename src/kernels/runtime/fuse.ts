import type { ElementType } from '../elementType.js';
import type { Launch } from '../kernel.js';
import { launchChain, MOST_SCALARS, type Call } from '../pointwise.js';
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
 * The same work, where chains of pointwise ops are one op each: what they make on the way is never in memory. It is
 * rounded as it would be there, so that no bit of a result changes, unless a driver contracts a product and a sum that
 * now stand in one expression.
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
  for (const { memory, size } of inputsOf(chain)) {
    const before = chains.get(memory);
    if (!before || memory.holders > 0 || size !== memory.size) continue;
    if (![...(readers.get(memory) ?? [])].every((op) => chain.includes(op))) continue;
    const both = [...before, ...chain];
    if (both.length > MOST_OPS) continue;
    const scalars = both.reduce((n, { pointwise }) => n + (pointwise?.scalars.length ?? 0), 0);
    if (inputsOf(both).length <= MOST_INPUTS && scalars <= MOST_SCALARS) return before;
  }
  return undefined;
}

/** What a chain reads that it does not make itself, each once. */
function inputsOf<B extends PooledBuffer>(chain: Chain<B>): MemoryStorage<B>[] {
  const made = new Set(chain.map(({ output }) => output.memory));
  const inputs: MemoryStorage<B>[] = [];
  for (const op of chain)
    for (const input of op.inputs)
      if (!made.has(input.memory) && !inputs.some((known) => same(known, input))) inputs.push(input);
  return inputs;
}

const same = <B extends PooledBuffer>(a: MemoryStorage<B>, b: MemoryStorage<B>): boolean =>
  a.memory === b.memory && a.offset === b.offset;

function asOne<B extends PooledBuffer>(
  chain: Chain<B>,
  typed: (launch: Launch, types: readonly ElementType[]) => Launch,
): Op<B> {
  const inputs = inputsOf(chain);
  const values = [...inputs, ...chain.map(({ output }) => output)];
  const calls = chain.flatMap(({ pointwise: f, inputs, output }): Call[] => {
    const args = inputs.map((input) => values.findIndex((value) => same(value, input)));
    return f ? [{ f, args, type: output.type }] : [];
  });
  const { output } = chain[chain.length - 1];
  const launch = launchChain(inputs.length, calls, output.size);
  return {
    name: chain.map(({ name }) => name).join(' '),
    multiplyAdds: 0,
    launch: typed(
      launch,
      [...inputs, output].map(({ type }) => type),
    ),
    inputs,
    output,
  };
}

import { expect } from 'chai';
import fc from 'fast-check';
import {
  add, type Backend, CpuBackend, exp, free, full, grad, matmul, mul, pack, packed, Replay, scale, scope, sum, type Tensor,
  tensor, unpack, variables,
} from '../../src/tensor/index.js'; // prettier-ignore
import { onGpu } from '../support/gpu.js';
import { gpuBackend } from '../support/kernelLaw.js';

const numbers = (seed: number, size: number): number[] =>
  Array.from({ length: size }, (_, i) => Math.sin(seed + 3 * i));

const matrix = (backend: Backend, seed: number, n: number): Tensor =>
  tensor(backend, [n, n], numbers(seed, n * n));

interface Pair {
  readonly a: Tensor;
  readonly b: Tensor;
}

/** Loss and gradient of a small network, with what a recording could stumble over: uploads, nested scopes, parts. */
function descent({ a, b, ...rest }: Pair & { readonly power?: number }): {
  loss: Tensor;
  grads: Tensor[];
  same: Tensor;
} {
  const [x, y] = Object.values(variables({ a, b }));
  const { shift } = scope(a.backend, () => ({ shift: exp(full(a.backend, [1], -1)) }));
  const h = exp(scale(rest.power ?? 0.1, matmul(x, y)));
  const loss = sum(mul(add(h, shift), x));
  return { loss, grads: packed(grad(loss, [x, y])), same: a };
}

const read = (tree: { loss: Tensor; grads: readonly Tensor[]; same: Tensor }): Promise<number[][]> =>
  Promise.all([tree.loss, ...tree.grads, tree.same].map(async (x) => [...(await x.read())]));

async function replaysBitForBit(backend: Backend): Promise<void> {
  const replay = new Replay(backend, descent);
  await fc.assert(
    fc.asyncProperty(fc.nat(9), fc.integer({ min: 1, max: 9 }), async (seed, n) => {
      const inputs = { a: matrix(backend, seed, n), b: matrix(backend, seed + 1, n) };
      const [want, got] = [scope(backend, () => descent(inputs)), replay.run(inputs)];
      expect(await read(got)).to.deep.equal(await read(want));
      free({ inputs, want, got });
    }),
    { numRuns: 30 },
  );
}

describe('Replay', () => {
  it('gives what its function gives, on the CPU', () => replaysBitForBit(new CpuBackend()));

  it(
    'gives bit for bit what its function gives, on the GPU',
    onGpu((opened) => replaysBitForBit(gpuBackend(opened))),
  );

  it(
    'runs its function once for each form of its inputs: shapes, numbers beside them, how they lie in memory',
    onGpu(async (opened) => {
      const backend = gpuBackend(opened);
      let runs = 0;
      const replay = new Replay(backend, (inputs: Pair & { readonly power?: number }) => {
        runs++;
        return descent(inputs);
      });
      const pair = (n: number, seed: number): Pair => ({
        a: matrix(backend, seed, n),
        b: matrix(backend, seed + 5, n),
      });
      for (let seed = 0; seed < 3; seed++) replay.run(pair(4, seed));
      expect(runs).to.equal(1);
      for (let seed = 0; seed < 3; seed++) replay.run(pair(5, seed));
      expect(runs).to.equal(2);
      for (const power of [0.2, 0.2, 0.3]) replay.run({ ...pair(4, 1), power });
      expect(runs).to.equal(4);
      const a = matrix(backend, 1, 4);
      expect(await read(replay.run({ a, b: a }))).to.deep.equal(
        await read(scope(backend, () => descent({ a, b: a }))),
      );
      expect(runs, 'both in one memory').to.equal(5);
      await backend.sync();
    }),
  );

  it(
    'takes whether its inputs are the parts of one memory for what it is',
    onGpu(async (opened) => {
      const backend = gpuBackend(opened);
      const replay = new Replay(backend, ({ parts }: { parts: readonly Tensor[] }) => {
        const blocks = pack(parts).map((block) => scale(2, block));
        return unpack(blocks, parts);
      });
      const apart = [matrix(backend, 1, 9), matrix(backend, 2, 3)];
      const { together } = scope(backend, () => ({ together: packed(apart) }));
      for (const parts of [apart, together, apart, together]) {
        const doubled = replay.run({ parts });
        expect(await Promise.all(doubled.map((x) => x.read()))).to.deep.equal(
          await Promise.all(parts.map(async (x) => (await x.read()).map((v) => 2 * v))),
        );
        free(doubled);
      }
    }),
  );

  it(
    'works on its own results, step after step, without growth',
    onGpu(async (opened) => {
      const backend = gpuBackend(opened);
      const step = ({ x }: { x: Tensor }): { x: Tensor } => ({ x: scale(0.5, exp(scale(0.25, x))) });
      const replay = new Replay(backend, step);
      const before = backend.memory().tensors;
      let [recorded, plain] = [{ x: matrix(backend, 1, 8) }, { x: matrix(backend, 1, 8) }];
      let held = backend.memory();
      for (let i = 0; i < 8; i++) {
        const next = [replay.run(recorded), scope(backend, () => step(plain))] as const;
        free([recorded, plain]);
        [recorded, plain] = next;
        if (i === 3) held = backend.memory();
        if (i > 3) expect(backend.memory()).to.deep.equal(held);
      }
      expect(await recorded.x.read()).to.deep.equal(await plain.x.read());
      expect(held.tensors).to.equal(before + 2);
    }),
  );

  it(
    'leaves nothing behind where its function throws, and refuses to be read in',
    onGpu(async (opened) => {
      const backend = gpuBackend(opened);
      const x = matrix(backend, 1, 8);
      const before = backend.memory();
      const failing = new Replay(backend, (inputs: { x: Tensor }): { y: Tensor } => {
        exp(add(inputs.x, full(backend, [1], 1)));
        throw new Error('stop');
      });
      expect(() => failing.run({ x })).to.throw('stop');
      expect(backend.memory().tensors).to.equal(before.tensors);
      const reading = new Replay(backend, (inputs: { x: Tensor }) => {
        void exp(inputs.x).read();
        return inputs;
      });
      expect(() => reading.run({ x })).to.throw('while a recording was made');
      expect([...(await x.read())]).to.deep.equal([...Float32Array.from(numbers(1, 64))]);
    }),
  );
});

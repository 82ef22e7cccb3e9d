import { expect } from 'chai';
import fc from 'fast-check';
import {
  cast,
  CpuBackend,
  free,
  pack,
  packed,
  scope,
  square,
  sum,
  unpack,
  Tensor,
  type Backend,
} from '../../src/tensor/index.js';
import { CountingBackend } from '../model/support/countingBackend.js';
import { random, seed, shape } from '../support/arbitraries.js';
import { onGpu } from '../support/gpu.js';
import { gpuBackend } from '../support/kernelLaw.js';

const shapes = fc.array(fc.oneof(shape(3, 5, 7), fc.constant<number[]>([]), shape(200)), {
  minLength: 1,
  maxLength: 60,
});

const read = (tensors: readonly Tensor[]): Promise<number[][]> =>
  Promise.all(tensors.map(async (x) => [...(await x.read())]));

/** What holds on every backend. */
async function keepsEveryElement(backend: Backend, all: readonly number[][], s: number): Promise<void> {
  const before = backend.memory();
  const x = all.map((one, i) => random(backend, one, s + i));
  const { once, twice, sums } = scope(backend, () => {
    const once = packed(x);
    return { once, twice: packed(once), sums: pack(once).map((block) => sum(square(block))) };
  });
  expect(once.map(({ shape }) => shape)).to.deep.equal(all);
  const wanted = await read(x);
  expect(await read(once)).to.deep.equal(wanted);
  expect(await read(twice)).to.deep.equal(wanted);
  const squares = wanted.flat().reduce((total, v) => total + v * v, 0);
  expect((await read(sums)).flat().reduce((a, b) => a + b)).to.be.closeTo(squares, 1e-5 * squares);
  free({ x, once: once.slice(1), twice, sums });
  expect(await read(once.slice(0, 1)), 'a part outlives the others').to.deep.equal(wanted.slice(0, 1));
  free(once.slice(0, 1));
  expect(backend.memory().tensors).to.equal(before.tensors);
  expect(backend.memory().bytes).to.equal(before.bytes);
}

describe('pack', () => {
  it('and unpack keep every element, in zeros that no sum sees, on the CPU', () =>
    fc.assert(fc.asyncProperty(shapes, seed, (all, s) => keepsEveryElement(new CpuBackend(), all, s))));

  it(
    'and unpack keep every element, in zeros that no sum sees, on the GPU',
    onGpu((opened) =>
      fc.assert(
        fc.asyncProperty(shapes, seed, (all, s) => keepsEveryElement(gpuBackend(opened), all, s)),
        { numRuns: 20 },
      ),
    ),
  );

  it('computes nothing for what is packed already, and does for what is not', () => {
    const backend = new CpuBackend();
    const run = backend.run.bind(backend);
    let runs = 0;
    backend.run = (...args) => {
      runs++;
      return run(...args);
    };
    const x = [[3], [4, 5], [70]].map((one, i) => random(backend, one, i));
    const [a, b, c] = packed(x);
    expect(runs).to.equal(1);
    packed([a, b, c]);
    expect(runs, 'packed').to.equal(1);
    for (const other of [[b, a, c], [a, b], [a, b, x[2]]]) packed(other); // prettier-ignore
    expect(runs, 'another order, some of it, one of another').to.equal(4);
  });

  it('joins tensors of any types in one, whose parts begin at 256 bytes', async () => {
    for (const [type, alignment] of [
      ['f16', 128],
      ['f32', 64],
    ] as const) {
      const backend = new CpuBackend();
      const x = random(backend, [3, 5], 1);
      const all = [x, cast(random(backend, [150], 2), 'f16'), cast(x, 'f16')];
      const blocks = pack(all, type);
      expect(blocks.map(({ shape }) => shape)).to.deep.equal([[(type === 'f16' ? 4 : 5) * alignment]]);
      const parts = unpack(blocks, all);
      expect(parts.map(({ storage }) => storage.type)).to.deep.equal([type, type, type]);
      expect(await read(parts)).to.deep.equal(await read(all));
      expect(pack(parts, type)[0].storage.size, 'again').to.equal(blocks[0].storage.size);
    }
  });

  it('fills several flat tensors where one would be too large', () => {
    const backend = new CountingBackend();
    const sizes = [2 ** 23, 2 ** 23, 1, 2 ** 24 + 1, 5];
    const x = sizes.map((n) => new Tensor(backend, [n], { size: n, type: 'f32' }));
    const blocks = pack(x);
    expect(blocks.map(({ shape }) => shape)).to.deep.equal([[2 ** 24], [64], [2 ** 24 + 64], [64]]);
    expect(unpack(blocks, x).map(({ shape }) => shape)).to.deep.equal(sizes.map((n) => [n]));
  });
});

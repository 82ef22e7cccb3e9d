import { expect } from 'chai';
import fc from 'fast-check';
import {
  add, type Backend, checkpointed, CpuBackend, exp, grad, matmul, mul, scale, scope, silu, sum, type Tensor, tensor,
  variables,
} from '../../src/tensor/index.js'; // prettier-ignore
import { random, seed } from '../support/arbitraries.js';
import { gradcheck } from '../support/gradcheck.js';
import { onGpu } from '../support/gpu.js';
import { gpuBackend } from '../support/kernelLaw.js';

const n = 3;

interface Layer {
  readonly x: Tensor;
  readonly w: Tensor;
  readonly unused: Tensor;
}

const layer = ({ x, w }: Layer): Tensor => silu(matmul(x, exp(scale(0.1, w))));

/** Two layers in a row, which share their weights, each run in the way that is given. */
const twice = (through: (inputs: Layer) => Tensor, { x, w, unused }: Layer): Tensor => {
  const y = through({ x, w, unused });
  return add(mul(y, x), through({ x: y, w, unused }));
};

const kept = (inputs: Layer): Tensor => layer(inputs);
const again = (inputs: Layer): Tensor => checkpointed(layer, inputs);

async function isTheSameBitForBit(backend: Backend): Promise<void> {
  const numbers = (seed: number): Tensor =>
    tensor(
      backend,
      [n, n],
      Array.from({ length: n * n }, (_, i) => Math.sin(seed + 2 * i)),
    );
  const inputs = variables({ x: numbers(1), w: numbers(2), unused: numbers(3) });
  const results = [kept, again].map((through) =>
    scope(backend, () => {
      const loss = sum(twice(through, inputs));
      return [loss, ...grad(loss, [inputs.x, inputs.w])];
    }),
  );
  const [want, got] = await Promise.all(
    results.map((tensors) => Promise.all(tensors.map(async (x) => [...(await x.read())]))),
  );
  expect(got).to.deep.equal(want);
}

describe('checkpointed', () => {
  it('differentiates', () =>
    fc.assert(
      fc.asyncProperty(seed, (seed) => {
        const backend = new CpuBackend();
        const matrices = [0, 1].map((k) => random(backend, [n, n], seed + k));
        return gradcheck((x, w) => twice(again, { x, w, unused: x }), matrices, seed);
      }),
      { numRuns: 20 },
    ));

  it('changes no bit of values and gradients, on the CPU', () => isTheSameBitForBit(new CpuBackend()));

  it(
    'changes no bit of values and gradients, on the GPU',
    onGpu((opened) => isTheSameBitForBit(gpuBackend(opened))),
  );
});

import { expect } from 'chai';
import { PlanningBackend } from '../../src/tensor/index.js';
import { measureRates, secondsOf } from '../../src/train/index.js';
import { onGpu } from '../support/gpu.js';
import { gpuBackend } from '../support/kernelLaw.js';

describe('rates', () => {
  it(
    'are measured: a product is not slower on many elements than its dispatch alone',
    onGpu(async (opened) => {
      const backend = gpuBackend(opened);
      const before = backend.memory().tensors;
      const rates = await measureRates(backend);
      for (const rate of Object.values(rates)) expect(rate).to.be.above(0).and.below(1e16);
      expect(rates.dispatch, 'seconds').to.be.below(0.01);
      expect(backend.memory().tensors).to.equal(before);
    }),
  );

  it('are of dispatches that are not joined', async () => {
    const backend = new PlanningBackend();
    await measureRates(backend);
    const bytes = backend.takeCosts().map((cost) => cost.bytes);
    const times = (size: number): number => bytes.filter((b) => b === 2 * 4 * size).length;
    expect([times(16), times(2 ** 20)]).to.deep.equal([4 * 500, 4 * 10]);
  });

  it('give the time of dispatches: each its own, and that of its memory or its arithmetic, whichever is longer', () => {
    const rates = { dispatch: 1, bytes: 10, matmul: 100, conv: 50 };
    const cost = (kernel: string, bytes: number, multiplyAdds: number) => ({ kernel, bytes, multiplyAdds });
    expect(secondsOf([], rates)).to.equal(0);
    expect(secondsOf([cost('silu', 20, 0)], rates)).to.equal(1 + 2);
    expect(secondsOf([cost('matmul', 20, 400), cost('conv2d', 20, 400)], rates)).to.equal(1 + 4 + 1 + 8);
    expect(secondsOf([cost('matmul', 60, 400)], rates)).to.equal(1 + 6);
  });
});

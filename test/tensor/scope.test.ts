import { expect } from 'chai';
import { CpuBackend, exp, free, full, scale, scope, type Backend } from '../../src/tensor/index.js';
import { onGpu } from '../support/gpu.js';
import { gpuBackend } from '../support/kernelLaw.js';

/** What holds on every backend. */
async function keepsOnlyWhatItReturns(backend: Backend): Promise<void> {
  const before = backend.memory().tensors;
  const x = full(backend, [5], 1);
  const { y } = scope(backend, () => {
    const inner = scope(backend, () => ({ once: exp(scale(2, x)), lost: exp(x) }));
    return { y: scale(3, inner.once) };
  });
  expect(backend.memory().tensors).to.equal(before + 2);
  expect((await y.read())[4]).to.be.closeTo(3 * Math.exp(2), 1e-4);
  free({ x, y });
  expect(backend.memory().tensors).to.equal(before);
}

describe('scope', () => {
  it('keeps only what it returns, on the CPU', () => keepsOnlyWhatItReturns(new CpuBackend()));

  it(
    'keeps only what it returns, on the GPU',
    onGpu((opened) => keepsOnlyWhatItReturns(gpuBackend(opened))),
  );

  it('frees everything when its body throws', () => {
    const backend = new CpuBackend();
    const body = (): never => {
      full(backend, [3], 1);
      throw new Error('stop');
    };
    expect(() => scope(backend, body)).to.throw('stop');
    expect(backend.memory().tensors).to.equal(0);
  });
});

import { expect } from 'chai';
import { CpuBackend, DeviceError, type Backend } from '../../src/tensor/index.js';
import { framesPerPass, makeModel, modelSpec, withParams } from '../../src/train/index.js';

const cpu = new CpuBackend();
const tiny = makeModel(modelSpec('tiny'));
const model = withParams(tiny, cpu, tiny.initial(cpu, 0).params);

/** The same model on a backend whose largest tensor has this many bytes. */
const on = (largestTensor: number): typeof model => {
  const backend: Backend = Object.assign(new CpuBackend(), { largestTensor });
  return { ...model, backend };
};

describe('framesPerPass', () => {
  const oneFrame = 4 * model.largestTensor(64, 96); // 50 × 70 pixels, padded to multiples of 32

  it('is a clip, or the whole video if that is shorter', () => {
    expect(framesPerPass(model, 100, 70, 50)).to.equal(5);
    expect(framesPerPass(model, 3, 70, 50)).to.equal(3);
  });

  it('is what the device can hold', () => {
    expect(framesPerPass(on(2 * oneFrame), 100, 70, 50)).to.equal(2);
    expect(framesPerPass(on(2 * oneFrame - 4), 100, 70, 50)).to.equal(1);
  });

  it('refuses, with numbers, frames of which not one fits', () =>
    expect(() => framesPerPass(on(oneFrame - 4), 100, 70, 50)).to.throw(
      DeviceError,
      /LR frames of 70 x 50 need tensors of [\d.]+ MiB, and .* allows [\d.]+ MiB; use smaller frames/,
    ));
});

import { expect } from 'chai';
import { CpuBackend, DeviceError, type Backend } from '../../src/tensor/index.js';
import { framesPerPass, type TrainedModel } from '../../src/train/index.js';
import { fakeModel } from './support/fakeModel.js';

/** A model on a backend whose largest tensor has this many bytes. */
const on = (largestTensor: number): TrainedModel => {
  const backend: Backend = Object.assign(new CpuBackend(), { largestTensor });
  return fakeModel(true, backend);
};

describe('framesPerPass', () => {
  const oneFrame = 4 * 52 * 72; // 50 × 70 pixels, padded to multiples of 4

  it('is a clip, or the whole video if that is shorter', () => {
    expect(framesPerPass(on(Infinity), 100, 70, 50)).to.equal(5);
    expect(framesPerPass({ ...on(Infinity), frames: 7 }, 100, 70, 50)).to.equal(7);
    expect(framesPerPass(on(Infinity), 3, 70, 50)).to.equal(3);
  });

  it('is what the device can hold', () => {
    expect(framesPerPass(on(2 * oneFrame), 100, 70, 50)).to.equal(2);
    expect(framesPerPass(on(2 * oneFrame - 4), 100, 70, 50)).to.equal(1);
  });

  it('is what is wanted, but for shorter videos', () => {
    expect(framesPerPass(on(oneFrame), 100, 70, 50, 4)).to.equal(4);
    expect(framesPerPass(on(oneFrame), 3, 70, 50, 4)).to.equal(3);
  });

  it('refuses, with numbers, frames of which not one fits', () =>
    expect(() => framesPerPass(on(oneFrame - 4), 100, 70, 50)).to.throw(
      DeviceError,
      /LR frames of 70 x 50 need tensors of [\d.]+ MiB, and .* allows [\d.]+ MiB; use smaller frames/,
    ));
});

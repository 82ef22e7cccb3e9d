import { expect } from 'chai';
import { frameNoise, noiseStream } from '../../src/diffusion/index.js';
import { slice } from '../../src/tensor/index.js';
import { expectClose } from './close.js';
import { cpu } from './setting.js';

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

describe('noise of a frame', () => {
  it('has a stream of its own for each frame and step, out of 2³²', () => {
    const [frames, steps] = [2 ** 20, 2 ** 12].map((n) => [...upTo(20), n - 2, n - 1]);
    const streams = frames.flatMap((frame) => steps.map((t) => noiseStream(frame, t)));
    expect(new Set(streams).size).to.equal(22 * 22);
    for (const stream of streams) expect(stream).to.equal(stream >>> 0);
  });

  it('refuses a frame or a step that has none', () => {
    for (const frame of [-1, 2 ** 20, 0.5])
      expect(() => noiseStream(frame, 1)).to.throw(RangeError, /^frame index/);
    for (const t of [-1, 2 ** 12, 0.5]) expect(() => noiseStream(0, t)).to.throw(RangeError, /^step t/);
  });

  it('is the same alone and among others', async () => {
    const [a, b] = [
      [3, 1, 4, 4],
      [1, 1, 4, 4],
    ].map((shape, i) => frameNoise(cpu, shape, i === 0 ? [4, 9, 2] : [9], 3, 77));
    await expectClose(slice(a, 0, 1, 2), b, 0);
  });
});

import { expect } from 'chai';
import fc from 'fast-check';
import type { Image } from '../../src/data/index.js';
import { Clips, CrossFade } from '../../src/train/index.js';
import { noisePicture } from '../data/pictures.js';

const grey = (value: number): Image => ({ width: 1, height: 1, data: new Uint8Array(3).fill(value) });

/** What comes out for the results of all clips, one after the other. */
function faded(clips: Clips, of: (clip: number, frame: number) => Image): [number, Image][] {
  const fade = new CrossFade(clips);
  return Array.from({ length: clips.count }, (_, clip) => {
    const { first, end } = clips.range(clip);
    const frames = Array.from({ length: end - first }, (_, i) => of(clip, first + i));
    return fade.add(clip, frames);
  }).flat();
}

describe('cross-fading', () => {
  const drawn = fc
    .tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 6 }), fc.nat())
    .map(([frames, length, seed]) => new Clips(frames, length, seed % length));

  it('gives every frame once, in order, and unchanged where clips agree', () =>
    fc.assert(
      fc.property(drawn, (clips) => {
        const out = faded(clips, (_, frame) => noisePicture(frame, 3, 2));
        expect(out).to.deep.equal(
          Array.from({ length: clips.frames }, (_, frame) => [frame, noisePicture(frame, 3, 2)]),
        );
      }),
    ));

  it('goes from one clip to the next in equal parts', () => {
    const value = (clip: number): Image => grey(clip * 60);
    const levels = (clips: Clips): number[] => faded(clips, value).map(([, { data }]) => data[0]);
    expect(levels(new Clips(8, 5, 2))).to.deep.equal([0, 0, 0, 20, 40, 60, 60, 60]);
    expect(levels(new Clips(7, 4, 1))).to.deep.equal([0, 0, 0, 30, 60, 60, 60]);
  });

  it('weighs frames of three clips by how far they are from the ends of each', () => {
    // frame 4 of clips 0 – 4, 2 – 6, 4 – 8: weights 1, 3, 1
    const [, image] = faded(new Clips(9, 5, 3), (clip) => grey([10, 20, 40][clip]))[4];
    expect(image.data[0]).to.equal((10 + 3 * 20 + 40) / 5);
  });

  it('rounds halves up', () => {
    const [, image] = faded(new Clips(3, 2, 1), (clip) => grey(7 + clip))[1];
    expect(image.data[0]).to.equal(8);
  });
});

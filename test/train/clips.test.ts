import { expect } from 'chai';
import fc from 'fast-check';
import { Clips } from '../../src/train/index.js';

const drawn = fc
  .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 8 }), fc.nat())
  .map(([frames, length, seed]) => new Clips(frames, length, seed % length));
const all = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

describe('clips of a video', () => {
  it('have all of its frames, and share as many as they should', () =>
    fc.assert(
      fc.property(drawn, (clips) => {
        const ranges = all(clips.count).map((clip) => clips.range(clip));
        expect([ranges[0].first, ranges[clips.count - 1].end]).to.deep.equal([0, clips.frames]);
        ranges.slice(1).forEach(({ first, end }, i) => {
          expect(ranges[i].end - first).to.equal(clips.overlap);
          expect(end).to.be.greaterThan(ranges[i].end);
        });
        ranges.slice(0, -1).forEach(({ first, end }) => expect(end - first).to.equal(clips.length));
      }),
    ));

  it('say of a frame which ones have it', () =>
    fc.assert(
      fc.property(drawn, (clips) => {
        for (const frame of all(clips.frames)) {
          const having = all(clips.count).filter((clip) => {
            const { first, end } = clips.range(clip);
            return first <= frame && frame < end;
          });
          expect(clips.covering(frame)).to.deep.equal(having).and.not.to.deep.equal([]);
        }
      }),
    ));

  it('are one for a video that is no longer, whatever they should share', () => {
    const clips = new Clips(3, 3, 4);
    expect([clips.count, clips.range(0), clips.covering(2)]).to.deep.equal([1, { first: 0, end: 3 }, [0]]);
  });

  it('must get on', () =>
    expect(() => new Clips(9, 3, 3)).to.throw(
      RangeError,
      'fewer frames than the 3 that the network is given',
    ));
});

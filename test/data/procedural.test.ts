import { expect } from 'chai';
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { degrade, type Image, proceduralClip, upscaleBicubic } from '../../src/data/index.js';
import { GLYPH_COUNT, ink } from '../../src/data/procedural/font.js';
import { fractalNoise, valueNoise } from '../../src/data/procedural/noise.js';
import { cosine, sine } from '../../src/data/procedural/sine.js';

const hash = (clip: readonly Image[]): string => {
  const sha = createHash('sha256');
  for (const { data } of clip) sha.update(data);
  return sha.digest('hex').slice(0, 16);
};
const meanDifference = (a: Image, b: Image): number =>
  a.data.reduce((sum, v, i) => sum + Math.abs(v - b.data[i]), 0) / a.data.length;

describe('proceduralClip', () => {
  it('draws the same bytes for the same options', () => {
    const options = { seed: 2024, frames: 2, width: 48, height: 32 };
    expect(hash(proceduralClip(options))).to.equal(hash(proceduralClip(options)));
    // Snapshots: they change when the generator does, and then trained weights are no longer reproducible.
    expect(hash(proceduralClip(options))).to.equal('10ad1c6f5c8bf5b9');
    expect(hash(proceduralClip({ seed: 2 ** 53 - 1, frames: 1, width: 64, height: 64 }))).to.equal(
      '1c9146951dd4b26e',
    );
  });

  it('has the shape that was asked for, whatever it is', () =>
    fc.assert(
      fc.property(
        fc.maxSafeNat(),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 40 }),
        (seed, frames, width, height) => {
          const clip = proceduralClip({ seed, frames, width, height });
          expect(clip.length).to.equal(frames);
          for (const image of clip) {
            expect([image.width, image.height]).to.deep.equal([width, height]);
            expect(image.data.length).to.equal(3 * width * height);
          }
        },
      ),
      { numRuns: 40 },
    ));

  it('differs from seed to seed, moves a little from frame to frame, and has detail that x4 loses', () => {
    const size = { frames: 2, width: 64, height: 64 };
    const clips = Array.from({ length: 24 }, (_, seed) => proceduralClip({ seed, ...size }));
    expect(new Set(clips.map(hash)).size).to.equal(24);
    const median = (values: number[]): number => values.sort((a, b) => a - b)[12];
    const between = median(clips.map(([a], i) => meanDifference(a, clips[(i + 1) % 24][0])));
    const moved = median(clips.map(([a, b]) => meanDifference(a, b)));
    const lost = median(clips.map(([a]) => meanDifference(a, upscaleBicubic(degrade(a)))));
    expect(between, 'between seeds').to.be.greaterThan(30);
    expect(moved, 'between frames').to.be.within(1, 20);
    expect(lost, 'by degradation').to.be.within(4, 20);
  });

  it('refuses empty clips', () =>
    expect(() => proceduralClip({ seed: 1, frames: 0, width: 8, height: 8 })).to.throw(
      RangeError,
      'expected frames >= 1, got 0',
    ));
});

describe('procedural parts', () => {
  it('sine and cosine are those of turns', () => {
    for (let x = -3; x < 3; x += 0.01) {
      expect(sine(x)).to.be.closeTo(Math.sin(2 * Math.PI * x), 4e-6);
      expect(cosine(x)).to.be.closeTo(Math.cos(2 * Math.PI * x), 4e-6);
    }
  });

  it('value noise is continuous, bounded and repeats after 256', () => {
    for (let k = 0; k < 500; k++) {
      const [x, y] = [k * 0.713 - 90, k * 0.377 - 40];
      expect(Math.abs(valueNoise(x, y))).to.be.at.most(1);
      expect(valueNoise(x + 1e-6, y)).to.be.closeTo(valueNoise(x, y), 1e-5);
      expect(valueNoise(x + 256, y - 256)).to.be.closeTo(valueNoise(x, y), 1e-9);
    }
  });

  it('fractal noise has about the spread it states', () => {
    let squares = 0;
    for (let k = 0; k < 5000; k++) squares += fractalNoise(k * 0.713, k * 0.377, 4, 0.5) ** 2;
    expect(Math.sqrt(squares / 5000)).to.be.closeTo(0.43, 0.03);
  });

  it('the font spells A, and every glyph has ink', () => {
    const glyph = (g: number): string[] =>
      Array.from({ length: 7 }, (_, y) =>
        Array.from({ length: 6 }, (_, x) => (ink(g, x, y) ? '#' : '.')).join(''),
      );
    expect(glyph(0)).to.deep.equal(['.###..', '#...#.', '#...#.', '#####.', '#...#.', '#...#.', '#...#.']);
    for (let g = 0; g < GLYPH_COUNT; g++) expect(glyph(g).join('')).to.include('#');
  });
});

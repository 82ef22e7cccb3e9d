import { expect } from 'chai';
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import {
  allPhrases,
  type LabelledScene,
  labelledScene,
  MOST_OBJECTS,
  sceneWords,
  seenPhrases,
} from '../../../src/data/index.js';
import { combinations, phraseOf, shapeWords, textureWords } from '../../../src/data/scenes/vocabulary.js';

const hash = ({ image, instances }: LabelledScene): string => {
  const sha = createHash('sha256').update(image.data);
  for (const { phrase, mask } of instances) sha.update(phrase).update(mask);
  return sha.digest('hex').slice(0, 16);
};

const scene = fc.record({
  seed: fc.maxSafeNat(),
  index: fc.nat(),
  size: fc.constantFrom(64, 96, 128),
  combinations: fc.constantFrom('seen' as const, 'unseen' as const),
});

describe('labelledScene', () => {
  it('follows from its options alone', () => {
    const options = { seed: 3, index: 14, size: 128, combinations: 'seen' } as const;
    expect(hash(labelledScene(options))).to.equal(hash(labelledScene(options)));
    // A snapshot: it changes when the generator does, and then trained weights are no longer reproducible.
    expect(hash(labelledScene(options))).to.equal('80119b3284e21a90');
    expect(hash(labelledScene({ ...options, index: 15 }))).not.to.equal('80119b3284e21a90');
  });

  it('has masks of 0 … 1 that add up to 1 in every LR pixel, each with something in it', () =>
    fc.assert(
      fc.property(scene, (options) => {
        const { image, instances } = labelledScene(options);
        expect([image.width, image.height]).to.deep.equal([options.size, options.size]);
        expect(instances.length).to.be.within(2, MOST_OBJECTS + 1);
        const total = new Float64Array((options.size / 4) ** 2);
        for (const { mask } of instances) {
          expect(mask.length).to.equal(total.length);
          mask.forEach((v, p) => (total[p] += v));
          expect(Math.min(...mask)).to.be.at.least(0);
          expect(mask.reduce((a, b) => a + b)).to.be.greaterThan(1);
        }
        // What is left behind an edge below half a grey level is not looked for.
        total.forEach((v) => expect(v).to.be.within(1 - 1 / 500, 1 + 1e-5));
      }),
      { numRuns: 40 },
    ));

  it('shows seen combinations in one set, unseen ones in the other, and any ground in both', () => {
    const shown = { seen: new Set<string>(), unseen: new Set<string>() };
    for (const which of ['seen', 'unseen'] as const)
      for (let index = 0; index < 60; index++) {
        const { instances } = labelledScene({ seed: 1, index, size: 64, combinations: which });
        const objects = instances.slice(0, -1).map(({ phrase }) => phrase);
        objects.forEach((phrase) => shown[which].add(phrase));
        expect(instances[instances.length - 1].phrase).to.match(/ ground$/);
      }
    const names = combinations.unseen.map((pair) => phraseOf(...pair));
    expect([...shown.unseen].sort()).to.deep.equal([...names].sort());
    for (const phrase of shown.seen) expect(seenPhrases).to.include(phrase);
    expect(shown.seen.size).to.be.greaterThan(25);
  });

  it('fills the pixels of a plain ground with one colour', () => {
    let checked = 0;
    for (let index = 0; index < 60; index++) {
      const { image, instances } = labelledScene({ seed: 2, index, size: 64, combinations: 'seen' });
      const { phrase, mask } = instances[instances.length - 1];
      if (phrase !== 'plain ground') continue;
      const colours = new Set<string>();
      for (let y = 0; y < 64; y++)
        for (let x = 0; x < 64; x++)
          if (mask[Math.floor(y / 4) * 16 + Math.floor(x / 4)] > 0.9999)
            colours.add(image.data.subarray((y * 64 + x) * 3, (y * 64 + x) * 3 + 3).join());
      expect(colours.size).to.equal(1);
      checked++;
    }
    expect(checked).to.be.greaterThan(2);
  });
});

describe('the vocabulary of scenes', () => {
  it('keeps one shape of each texture and one texture of each shape from training', () => {
    expect(combinations.unseen.map(([texture]) => texture).sort()).to.deep.equal([...textureWords].sort());
    expect(combinations.unseen.map(([, shape]) => shape).sort()).to.deep.equal([...shapeWords].sort());
    expect(combinations.seen.length).to.equal(42);
  });

  it('is made of known words, and names nothing twice', () => {
    expect(new Set(allPhrases).size).to.equal(56);
    expect(new Set(sceneWords).size).to.equal(15);
    for (const phrase of allPhrases)
      for (const word of phrase.split(' ')) expect(sceneWords).to.include(word);
    expect(seenPhrases).to.deep.equal(allPhrases.slice(0, 49));
  });
});

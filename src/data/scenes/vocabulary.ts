/**
 * Names of what labelled scenes show: phrases of two words, a texture and a shape. Some combinations are kept from
 * training, to find out whether a network knows the words or only the phrases.
 */

export const textureWords = ['plain', 'striped', 'checked', 'dotted', 'brick', 'lettered', 'cloudy'] as const;
export const shapeWords = ['disc', 'ring', 'rectangle', 'triangle', 'star', 'cross', 'blob'] as const;

/** What is behind all objects. */
export const GROUND = 'ground';

export type TextureWord = (typeof textureWords)[number];
export type ShapeWord = (typeof shapeWords)[number];

/** Every word, once. */
export const sceneWords: readonly string[] = [...textureWords, ...shapeWords, GROUND];

export const phraseOf = (texture: TextureWord, shape: ShapeWord | typeof GROUND): string =>
  `${texture} ${shape}`;

/** Which objects a scene may show. */
export type Combinations = 'seen' | 'unseen';

/** A texture with a shape. */
export type Combination = readonly [texture: TextureWord, shape: ShapeWord];

/** One texture for each shape and one shape for each texture are unseen; all the rest is seen. */
const isUnseen = (texture: number, shape: number): boolean =>
  texture === (2 * shape + 1) % textureWords.length;

const all = textureWords.flatMap((texture, i) =>
  shapeWords.map((shape, j) => ({ pair: [texture, shape] as const, unseen: isUnseen(i, j) })),
);

/** The objects that training scenes show, and those that none does. */
export const combinations: Readonly<Record<Combinations, readonly Combination[]>> = {
  seen: all.filter(({ unseen }) => !unseen).map(({ pair }) => pair),
  unseen: all.filter(({ unseen }) => unseen).map(({ pair }) => pair),
};

const grounds = textureWords.map((texture) => phraseOf(texture, GROUND));
const phrases = (which: Combinations): string[] => combinations[which].map((pair) => phraseOf(...pair));

/** The classes of training. */
export const seenPhrases: readonly string[] = [...phrases('seen'), ...grounds];

/** The classes of evaluation: seen and unseen. */
export const allPhrases: readonly string[] = [...seenPhrases, ...phrases('unseen')];

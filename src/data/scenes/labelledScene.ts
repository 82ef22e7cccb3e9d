/** Pictures of named objects, with the place of each: training material for the Semantic Distiller. */
import type { Image } from '../image.js';
import { Random } from '../random.js';
import { drawPalette, type Palette } from '../procedural/colour.js';
import { between, chance } from '../procedural/draw.js';
import { drawMotion } from '../procedural/motion.js';
import { render } from '../procedural/render.js';
import type { Leaf } from '../procedural/scene.js';
import type { Shape } from '../procedural/shape.js';
import { drawOutline } from './outlines.js';
import { drawSurface } from './surfaces.js';
import {
  type Combinations,
  combinations,
  GROUND,
  phraseOf,
  textureWords,
  type TextureWord,
} from './vocabulary.js';

/** One thing in a scene, or the ground behind all. */
export interface Instance {
  /** One of `allPhrases`. */
  readonly phrase: string;
  /** The share of each LR pixel that shows it, 0 … 1: [size/4, size/4]. */
  readonly mask: Float32Array;
}

export interface LabelledScene {
  /** The HR frame [size, size, 3]. */
  readonly image: Image;
  /** The objects from front to back, at least one, and the ground. Their masks add up to 1. */
  readonly instances: readonly Instance[];
}

export interface SceneOptions {
  readonly seed: number;
  /** Number of the scene. */
  readonly index: number;
  /** Side in HR pixels, a multiple of 4. */
  readonly size: number;
  /** Whether the objects are combinations of words that training shows, or those that it does not. */
  readonly combinations: Combinations;
}

/** Objects of a scene, the ground besides. */
export const MOST_OBJECTS = 6;

/** HR pixels in a row of an LR pixel. */
const SCALE = 4;

/** Radii in HR pixels. */
const SMALLEST = 20;
const LARGEST = 46;

/** Draws a scene, which follows from the options alone, on every machine. */
export function labelledScene({ seed, index, size, combinations: which }: SceneOptions): LabelledScene {
  const random = new Random(seed, index);
  const palette = drawPalette(random);
  const pick = <T>(items: readonly T[]): T => items[random.int(items.length)];
  const placed = places(random, size, 1 + random.int(MOST_OBJECTS));
  const objects = placed.map((place) => {
    const [texture, shape] = pick(combinations[which]);
    const outline = drawOutline(random, place.radius, shape);
    return {
      phrase: phraseOf(texture, shape),
      leaf: leafOf(random, palette, texture, outline, place),
    };
  });
  const texture = pick(textureWords);
  const ground: Leaf = {
    ...leafOf(random, palette, texture, { reach: 4 * size, distance: () => -1e6 }, { x: 0, y: 0 }),
    light: [0, 0],
  };
  const phrases = [...objects.map(({ phrase }) => phrase), phraseOf(texture, GROUND)];
  const side = size / SCALE;
  const masks = phrases.map(() => new Float32Array(side * side));
  const scene = { leaves: objects.map(({ leaf }) => leaf), ground, camera: () => still };
  const image = render(scene, 0, size, size, (leaf, pixel, share) => {
    const [x, y] = [pixel % size, Math.floor(pixel / size)];
    masks[leaf][Math.floor(y / SCALE) * side + Math.floor(x / SCALE)] += share / SCALE ** 2;
  });
  return { image, instances: phrases.map((phrase, i) => ({ phrase, mask: masks[i] })) };
}

const still = { a: 1, b: 0, c: 0, d: 1, x: 0, y: 0 };

interface Place {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

/** Tries to find room for one object more. */
const MOST_TRIES = 20;

/** Up to `count` places, at least one, that overlap a little at most. */
function places(random: Random, size: number, count: number): Place[] {
  const found: Place[] = [];
  for (let tries = 0; found.length < count && tries < MOST_TRIES; tries++) {
    const radius = between(random, SMALLEST, Math.min(LARGEST, 0.32 * size));
    const [x, y] = [between(random, 0.1 * size, 0.9 * size), between(random, 0.1 * size, 0.9 * size)];
    const free = found.every(
      (other) => (other.x - x) ** 2 + (other.y - y) ** 2 > (0.75 * (other.radius + radius)) ** 2,
    );
    if (free) found.push({ x, y, radius });
  }
  return found;
}

function leafOf(
  random: Random,
  palette: Palette,
  texture: TextureWord,
  shape: Shape,
  { x, y }: Pick<Place, 'x' | 'y'>,
): Leaf {
  return {
    shape,
    texture: drawSurface(random, palette, texture),
    motion: drawMotion(random, x, y, chance(random, 0.3)),
    nearness: 1,
    softness: 1,
    light: [0.15 * random.normal(), 0.15 * random.normal()],
    opacity: 1,
    warp: { amplitude: 0, frequency: 0, speed: 0 },
  };
}

/** What there is to see: objects from front to back, a ground behind them, and a camera. */
import { Random } from '../random.js';
import { drawPalette, type Palette } from './colour.js';
import { between, chance, mostlyLow } from './draw.js';
import { type Camera, drawCamera, drawMotion, type Motion } from './motion.js';
import { drawLine, drawShape, type Shape } from './shape.js';
import { drawTexture, type Texture } from './texture.js';

/** One thing. */
export interface Leaf {
  readonly shape: Shape;
  readonly texture: Texture;
  readonly motion: Motion;
  /** How much of the camera's motion it takes part in; 1 in the middle of the scene. */
  readonly nearness: number;
  /** Width of its edge in pixels: 1 sharp, more out of focus. */
  readonly softness: number;
  /** Change of brightness across it, from the origin to `reach`. */
  readonly light: readonly [x: number, y: number];
  readonly opacity: number;
  /** Its coordinates sway: x by amplitude · sin(y · frequency + speed · time), and y likewise. */
  readonly warp: { readonly amplitude: number; readonly frequency: number; readonly speed: number };
}

export interface Scene {
  readonly leaves: readonly Leaf[];
  readonly ground: Leaf;
  readonly camera: Camera;
}

/** Leaves enough to cover everything about so many times. */
const COVER = 2.5;
const MOST_LEAVES = 1500;

/** Draws a scene for a clip of `frames` frames of width x height pixels. */
export function drawScene(seed: number, frames: number, width: number, height: number): Scene {
  const random = new Random(seed);
  const palette = drawPalette(random);
  const camera = drawCamera(random, width, height);
  const { x, y } = camera(frames / 2, 1.3);
  const margin = 4 + Math.min(2 * Math.max(Math.abs(x), Math.abs(y)), 64);
  const place = (): [number, number] => [
    between(random, -margin, width + margin),
    between(random, -margin, height + margin),
  ];
  const style = { manMade: between(random, 0.05, 0.85), blur: chance(random, 0.3) ? 0.25 : 0.04 };
  const smallest = mostlyLow(random, 2.5, 24);
  const largest = Math.min(Math.max(40, 0.6 * Math.max(width, height)), 200);
  const area = (width + 2 * margin) * (height + 2 * margin);
  const leaves: Leaf[] = [];
  const lines = between(random, 0, 0.12);
  for (let covered = 0; covered < COVER * area && leaves.length < MOST_LEAVES;) {
    const nearness = Math.max(0.5, 1.3 - 0.25 * (covered / area) + 0.05 * random.normal());
    const radius = powerLaw(random, smallest, largest);
    const isLine = chance(random, lines);
    const shape = isLine
      ? drawLine(random, between(random, 8, largest))
      : drawShape(random, radius, style.manMade);
    leaves.push(drawLeaf(random, palette, shape, place(), nearness, style));
    if (!isLine) covered += 2 * radius * radius;
  }
  const everywhere: Shape = { reach: 4 * (width + height + margin), distance: () => -1e6 };
  const ground = drawLeaf(random, palette, everywhere, place(), 0.6, style);
  return { leaves, ground: { ...ground, opacity: 1, light: [0, 0] }, camera };
}

function drawLeaf(
  random: Random,
  palette: Palette,
  shape: Shape,
  [x, y]: [number, number],
  nearness: number,
  { manMade, blur }: { manMade: number; blur: number },
): Leaf {
  const sways = chance(random, 0.2);
  const frequency = between(random, 0.5, 1.5) / Math.max(shape.reach, 16);
  return {
    shape,
    texture: drawTexture(random, palette, manMade),
    motion: drawMotion(random, x, y, chance(random, 0.5 * manMade)),
    nearness,
    softness: chance(random, blur) ? between(random, 1.5, 6) : 1,
    light: [0.15 * random.normal(), 0.15 * random.normal()],
    opacity: chance(random, 0.06) ? between(random, 0.3, 0.9) : 1,
    warp: {
      amplitude: sways ? between(random, 0.02, 0.06) / frequency : 0,
      frequency,
      speed: between(random, -0.06, 0.06),
    },
  };
}

/** Density ∝ r⁻³ on [low, high]: scale invariance, for then each octave of radii covers the same area. */
function powerLaw(random: Random, low: number, high: number): number {
  const [a, b] = [1 / (low * low), 1 / (high * high)];
  return 1 / Math.sqrt(a + (b - a) * random.uniform());
}

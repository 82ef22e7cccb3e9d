/** Shapes by name. */
import type { Random } from '../random.js';
import { between } from '../procedural/draw.js';
import { blob, disc, polygon, rectangle, ring, type Shape } from '../procedural/shape.js';
import { cosine, sine } from '../procedural/sine.js';
import type { ShapeWord } from './vocabulary.js';

const outlines: Readonly<Record<ShapeWord, (random: Random, radius: number) => Shape>> = {
  disc,
  ring: (random, radius) => ring(random, radius, [0.15, 0.3]),
  rectangle,
  triangle: (random, radius) => polygon(random, 0.8 * radius, 3),
  star,
  cross,
  blob,
};

/** A shape of that name, about `radius` pixels large. */
export const drawOutline = (random: Random, radius: number, name: ShapeWord): Shape =>
  outlines[name](random, radius);

/**
 * Five or six points. Its edges, prolonged, are n lines about a regular polygon; the star is where no more than one
 * of the n half planes is left. So the second greatest distance decides.
 */
function star(random: Random, radius: number): Shape {
  const points = 5 + random.int(2);
  const normals = Array.from({ length: points }, (_, k) => [sine(k / points), cosine(k / points)] as const);
  const offset = radius * cosine(1 / points); // the tips are where lines k and k + 2 meet
  const distance = (x: number, y: number): number => {
    let [first, second] = [-Infinity, -Infinity];
    for (const [nx, ny] of normals) {
      const d = nx * x + ny * y - offset;
      if (d > first) [first, second] = [d, first];
      else if (d > second) second = d;
    }
    return second;
  };
  return { reach: radius, distance };
}

/** Two bars of one width at right angles. */
function cross(random: Random, radius: number): Shape {
  const half = radius * between(random, 0.2, 0.35);
  const bar = (along: number, across: number): number =>
    Math.max(Math.abs(along) - radius, Math.abs(across) - half);
  return {
    reach: Math.sqrt(radius * radius + half * half),
    distance: (x, y) => Math.min(bar(x, y), bar(y, x)),
  };
}

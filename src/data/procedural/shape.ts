/** Outlines, as signed distances in the object's own coordinates: pixels at rest, origin in its middle. */
import type { Random } from '../random.js';
import { between, chance, mostlyLow, pickWeighted, type Range } from './draw.js';
import { valueNoise } from './noise.js';
import { cosine, sine } from './sine.js';

export interface Shape {
  /** No point of the shape is further from the origin. */
  readonly reach: number;
  /** Distance to the outline, negative inside; exact or a close lower bound near the outline. */
  readonly distance: (x: number, y: number) => number;
}

/** An object about `radius` large. `manMade` is the share of straight outlines. */
export function drawShape(random: Random, radius: number, manMade: number): Shape {
  const draw = pickWeighted<(random: Random, radius: number) => Shape>(random, [
    [0.35 * (1 - manMade), disc],
    [0.65 * (1 - manMade), blob],
    [0.6 * manMade, rectangle],
    [0.3 * manMade, polygon],
    [0.1 * manMade, ring],
  ]);
  return draw(random, radius);
}

/** A wire, pole or twig, straight or bent, 0.6 to 4 pixels thick. */
export function drawLine(random: Random, length: number): Shape {
  const half = mostlyLow(random, 0.3, 2);
  const bend = chance(random, 0.5) ? 0 : between(random, -0.4, 0.4) * length;
  if (bend === 0) {
    const distance = (x: number, y: number): number => {
      const dx = Math.max(Math.abs(x) - length, 0);
      return Math.sqrt(dx * dx + y * y) - half;
    };
    return { reach: length + half, distance };
  }
  // The parabola y = bend ((x / length)² − ½); its distance to first order.
  const distance = (x: number, y: number): number => {
    const t = x / length;
    const slope = (2 * bend * t) / length;
    const off = Math.abs(y - bend * (t * t - 0.5)) / Math.sqrt(1 + slope * slope);
    return Math.max(off - half, Math.abs(x) - length);
  };
  return { reach: length + Math.abs(bend) + half, distance };
}

/** A disc, or an ellipse up to twice as long as wide. */
export function disc(random: Random, radius: number): Shape {
  const squash = between(random, 0.5, 1);
  const distance = (x: number, y: number): number => {
    const v = y / squash;
    const d = Math.sqrt(x * x + v * v);
    return (d - radius) * (d > 0 ? (squash * d) / Math.sqrt(squash * squash * x * x + v * v) : squash);
  };
  return { reach: radius, distance };
}

/** A disc with a ragged edge: a stone, a leaf, a cloud. */
export function blob(random: Random, radius: number): Shape {
  const coarse = between(random, 0.2, 0.5) * radius;
  const fine = between(random, 0, 0.5) * coarse;
  const pitch = between(random, 0.5, 1.2) * radius;
  const finePitch = Math.max(between(random, 0.1, 0.35) * pitch, 2.5);
  const [u, v] = [between(random, 0, 256), between(random, 0, 256)];
  const distance = (x: number, y: number): number =>
    0.7 *
    (Math.sqrt(x * x + y * y) -
      radius +
      coarse * valueNoise(x / pitch + u, y / pitch + v) +
      (fine > 1 ? fine * valueNoise(x / finePitch + v, y / finePitch + u) : 0));
  return { reach: radius + coarse + (fine > 1 ? fine : 0), distance };
}

/** Sharp or round corners. */
export function rectangle(random: Random, radius: number): Shape {
  const [w, h] = [radius * between(random, 0.5, 1.3), radius * between(random, 0.3, 1)];
  const round = chance(random, 0.4) ? between(random, 0, 0.5) * h : 0;
  const distance = (x: number, y: number): number => {
    const dx = Math.abs(x) - w + round;
    const dy = Math.abs(y) - h + round;
    const [ox, oy] = [Math.max(dx, 0), Math.max(dy, 0)];
    return Math.sqrt(ox * ox + oy * oy) + Math.min(Math.max(dx, dy), 0) - round;
  };
  return { reach: Math.sqrt(w * w + h * h), distance };
}

/** Convex, 3 to 7 corners, or as many as asked for: the intersection of half planes. */
export function polygon(random: Random, radius: number, sides = 3 + random.int(5)): Shape {
  const planes = Array.from({ length: sides }, (_, k) => {
    const angle = (k + between(random, -0.3, 0.3)) / sides;
    return [cosine(angle), sine(angle), radius * between(random, 0.45, 0.85)] as const;
  });
  const distance = (x: number, y: number): number => {
    let d = Math.sqrt(x * x + y * y) - 1.5 * radius;
    for (const [nx, ny, offset] of planes) d = Math.max(d, nx * x + ny * y - offset);
    return d;
  };
  return { reach: 1.5 * radius, distance };
}

/** @param widths of half the rim, as shares of the radius */
export function ring(random: Random, radius: number, widths: Range = [0.03, 0.3]): Shape {
  const half = Math.max(mostlyLow(random, ...widths) * radius, 0.5);
  return {
    reach: radius + half,
    distance: (x, y) => Math.abs(Math.sqrt(x * x + y * y) - radius) - half,
  };
}

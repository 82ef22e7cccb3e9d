/** Where things are at a time. Time is in frames, 0 in the middle of the clip. */
import type { Random } from '../random.js';
import { between, chance } from './draw.js';
import { cosine, sine } from './sine.js';

/** p ↦ ((a b)(c d)) p + (x, y) */
export interface Affine {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly x: number;
  readonly y: number;
}

export type Motion = (time: number) => Affine;

/** `after` applied to what `before` gives. */
export const compose = (after: Affine, before: Affine): Affine => ({
  a: after.a * before.a + after.b * before.c,
  b: after.a * before.b + after.b * before.d,
  c: after.c * before.a + after.d * before.c,
  d: after.c * before.b + after.d * before.d,
  x: after.a * before.x + after.b * before.y + after.x,
  y: after.c * before.x + after.d * before.y + after.y,
});

/** From an object's own coordinates to the scene: drifting, turning, swelling and shearing slowly. */
export function drawMotion(random: Random, x: number, y: number, upright: boolean): Motion {
  const still = chance(random, 0.3);
  const speed = still ? 0 : chance(random, 0.15) ? 3 : 0.7;
  const [vx, vy] = [speed * random.normal(), speed * random.normal()];
  const angle = upright ? 0.01 * random.normal() : random.uniform();
  const turn = still ? 0 : 0.003 * random.normal();
  const rate = still ? 0 : 0.006;
  const [saa, sab, sba, sbb] = [0, 0, 0, 0].map(() => rate * random.normal());
  return (time) => {
    const [s, c] = [sine(angle + turn * time), cosine(angle + turn * time)];
    const rotation = { a: c, b: -s, c: s, d: c, x: x + vx * time, y: y + vy * time };
    const [dx, dy] = [Math.max(0.3, 1 + saa * time), Math.max(0.3, 1 + sbb * time)];
    return compose(rotation, { a: dx, b: sab * time, c: sba * time, d: dy, x: 0, y: 0 });
  };
}

/** From the scene to the picture, for things at a relative nearness (1 = the middle). */
export type Camera = (time: number, nearness: number) => Affine;

/** Pans up to a few pixels per frame, zooms and turns a little; near things move more. */
export function drawCamera(random: Random, width: number, height: number): Camera {
  const pace = chance(random, 0.2) ? 0 : between(random, 0, 2.5);
  const [vx, vy] = [pace * random.normal(), 0.6 * pace * random.normal()];
  const zoom = chance(random, 0.5) ? 0 : 0.008 * random.normal();
  const turn = chance(random, 0.5) ? 0 : 0.0012 * random.normal();
  const [cx, cy] = [width / 2, height / 2];
  return (time, nearness) => {
    const scale = Math.max(0.2, 1 + zoom * nearness * time);
    const [s, c] = [scale * sine(turn * time), scale * cosine(turn * time)];
    const [px, py] = [vx * nearness * time, vy * nearness * time];
    return { a: c, b: -s, c: s, d: c, x: cx - c * cx + s * cy + px, y: cy - s * cx - c * cy + py };
  };
}

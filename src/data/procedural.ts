/**
 * High-resolution clips drawn from a seed: training material that needs no file. Dead leaves (Lee, Mumford
 * and Huang, 2001) with radii of density r⁻³ occlude each other, which gives pictures the 1/f spectrum and
 * the edges at every scale of natural ones. Textures, lettering, lines, motion and a moving camera are added.
 */
import type { Image } from './image.js';
import { drawScene } from './procedural/scene.js';
import { render } from './procedural/render.js';

/** What to draw. */
export interface ProceduralOptions {
  /** 0 … 2⁵³ − 1. The pictures follow from it and the three sizes alone. */
  readonly seed: number;
  /** at least 1 */
  readonly frames: number;
  /** in pixels, at least 1 */
  readonly width: number;
  /** in pixels, at least 1 */
  readonly height: number;
}

/**
 * Draws a clip. Objects keep their textures while they move, turn, swell and warp; the camera pans, turns and
 * zooms. Edges, stripes and letters are covered analytically, not sampled, so nothing flickers.
 *
 * Equal options give equal bytes, on every machine: only + − × ÷ √, logarithm and integer arithmetic are used.
 *
 * @returns `frames` pictures, [height, width, 3]
 * @throws RangeError if an option is out of range
 */
export function proceduralClip({ seed, frames, width, height }: ProceduralOptions): Image[] {
  for (const [name, n] of Object.entries({ frames, width, height }))
    if (!Number.isInteger(n) || n < 1)
      throw new RangeError(`proceduralClip: expected ${name} >= 1, got ${n}`);
  const scene = drawScene(seed, frames, width, height);
  return Array.from({ length: frames }, (_, i) => render(scene, i - (frames - 1) / 2, width, height));
}

/** Regular patterns with soft, one pixel wide edges: coverage is computed, not sampled. */
import type { Random } from '../random.js';
import { between, chance, mostlyLow, type Range } from './draw.js';
import { GLYPH_COUNT, ink, PITCH_X, PITCH_Y } from './font.js';
import { cellNoise } from './noise.js';

/** At a point: the share of the second colour, 0 … 1, and the shade of the cell, −1 … 1. */
export type Pattern = (x: number, y: number) => { readonly share: number; readonly shade: number };

const clamp = (v: number): number => Math.min(Math.max(v, 0), 1);

/** How much of the pixel about x lies in [0, width] of each period. */
function band(x: number, period: number, width: number): number {
  const u = x - period * Math.floor(x / period + 0.5 - width / (2 * period));
  return clamp(Math.min(u, width - u) + 0.5);
}

/** @param periods in pixels, the lower ones likelier, as for all of these */
export function stripes(random: Random, periods: Range = [2.8, 30]): Pattern {
  const period = mostlyLow(random, ...periods);
  const width = period * between(random, 0.3, 0.7);
  return (x) => ({ share: band(x, period, width), shade: cellNoise(Math.floor(x / period), 7) });
}

export function checks(random: Random, periods: Range = [4, 36]): Pattern {
  const [px, py] = [mostlyLow(random, ...periods), mostlyLow(random, ...periods)];
  const square = chance(random, 0.6);
  return (x, y) => {
    const a = 2 * band(x, px, px / 2) - 1;
    const b = 2 * band(y, square ? px : py, (square ? px : py) / 2) - 1;
    return { share: 0.5 + 0.5 * a * b, shade: 0 };
  };
}

export function dots(random: Random, periods: Range = [4, 24]): Pattern {
  const period = mostlyLow(random, ...periods);
  const radius = period * between(random, 0.18, 0.45);
  return (x, y) => {
    const [i, j] = [Math.floor(x / period), Math.floor(y / period)];
    const [u, v] = [x - (i + 0.5) * period, y - (j + 0.5) * period];
    return { share: clamp(radius - Math.sqrt(u * u + v * v) + 0.5), shade: cellNoise(i, j) };
  };
}

/** Bricks, tiles, windows: cells with joints between, every other row moved, or not. */
export function bricks(random: Random, heights: Range = [4, 24]): Pattern {
  const height = mostlyLow(random, ...heights);
  const width = height * between(random, 0.6, 3);
  const joint = Math.max(0.8, height * mostlyLow(random, 0.05, 0.5));
  const shift = chance(random, 0.5) ? width / 2 : 0;
  return (x, y) => {
    const j = Math.floor(y / height);
    const u = x + (j % 2 === 0 ? 0 : shift);
    const share = band(u, width, Math.max(width - joint, 1)) * band(y, height, Math.max(height - joint, 1));
    return { share, shade: cellNoise(Math.floor(u / width), j) };
  };
}

/** Lines of lettering, so many pixels per dot of the font; some slanted, some bold. */
export function letters(random: Random, sizes: Range = [1, 5]): Pattern {
  const dot = mostlyLow(random, ...sizes);
  const slant = chance(random, 0.25) ? 0.25 : 0;
  const half = 0.5 / dot; // of a pixel, in dots
  const [col0, row0] = [random.int(256), random.int(256)];
  const inkAt = (ix: number, iy: number): number => {
    const [col, row] = [Math.floor(ix / PITCH_X), Math.floor(iy / PITCH_Y)];
    const draw = 0.5 + 0.5 * cellNoise(col + col0, row + row0);
    if (draw < 0.17) return 0; // a space
    const glyph = Math.floor(((draw - 0.17) / 0.83) * GLYPH_COUNT);
    return ink(Math.min(glyph, GLYPH_COUNT - 1), ix - col * PITCH_X, iy - row * PITCH_Y);
  };
  return (x, y) => {
    const v = y / dot;
    const u = x / dot + slant * v;
    // The pixel as a box, at most 2 x 2 dots under it.
    const [iu, iv] = [Math.floor(u - half), Math.floor(v - half)];
    const right = Math.max(0, (u + half - iu - 1) / (2 * half));
    const below = Math.max(0, (v + half - iv - 1) / (2 * half));
    const top = inkAt(iu, iv) * (1 - right) + (right > 0 ? inkAt(iu + 1, iv) * right : 0);
    if (below === 0) return { share: top, shade: 0 };
    const bottom = inkAt(iu, iv + 1) * (1 - right) + (right > 0 ? inkAt(iu + 1, iv + 1) * right : 0);
    return { share: top * (1 - below) + bottom * below, shade: 0 };
  };
}

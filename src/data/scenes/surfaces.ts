/** Textures by name, coarse enough to be told apart in the LR frame: their periods are 3 LR pixels and more. */
import type { Random } from '../random.js';
import type { Colour, Palette } from '../procedural/colour.js';
import type { Range } from '../procedural/draw.js';
import { bricks, checks, dots, letters, type Pattern, stripes } from '../procedural/pattern.js';
import { cloudy, type Draw, patterned, plain, type Texture } from '../procedural/texture.js';
import type { TextureWord } from './vocabulary.js';

const coarse = (pattern: (random: Random, range: Range) => Pattern, range: Range): Draw =>
  patterned((random) => pattern(random, range));

/** Ranges in HR pixels. */
const surfaces: Readonly<Record<TextureWord, Draw>> = {
  plain,
  striped: coarse(stripes, [12, 24]),
  checked: coarse(checks, [16, 32]),
  dotted: coarse(dots, [14, 24]),
  brick: coarse(bricks, [12, 20]),
  lettered: coarse(letters, [3.5, 5]),
  cloudy: cloudy([12, 40]),
};

/** A surface of that name, in colours that differ enough to see the pattern. */
export const drawSurface = (random: Random, palette: Palette, name: TextureWord): Texture =>
  surfaces[name](random, contrasting(palette));

/** Sum of the differences of red, green and blue, of at least this much, tells two colours apart. */
const CONTRAST = 150;
const MOST_DRAWS = 30;

/** The same palette, each colour far from the one before. */
function contrasting(palette: Palette): Palette {
  let last: Colour | undefined;
  return () => {
    let next = palette();
    for (let i = 0; last && distance(next, last) < CONTRAST && i < MOST_DRAWS; i++) next = palette();
    last = next;
    return next;
  };
}

const distance = (a: Colour, b: Colour): number => a.reduce((sum, v, c) => sum + Math.abs(v - b[c]), 0);

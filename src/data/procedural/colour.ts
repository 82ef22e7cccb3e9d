/** Colours as found in pictures: brightness varies most, the hues of one scene go together. */
import type { Random } from '../random.js';
import { between, chance, mostlyLow } from './draw.js';

/** Red, green, blue; 0 … 255, not rounded, and now and then beyond until the frame is finished. */
export type Colour = readonly [r: number, g: number, b: number];

/** Draws the colours of one scene. */
export type Palette = () => Colour;

/**
 * A scene's palette: grey level plus two opponent axes (blue-yellow, red-green), the weights falling off as
 * in natural pictures, about a cast, brightness and contrast of its own. Some colours are vivid: paint, signs.
 */
export function drawPalette(random: Random): Palette {
  const brightness = 118 + 30 * random.normal();
  const contrast = between(random, 25, 75);
  const vivid = mostlyLow(random, 0, 0.35);
  const [warm, red] = [12 * random.normal(), 5 * random.normal()];
  return () => {
    if (chance(random, vivid)) {
      const grey = between(random, 20, 220);
      const saturation = between(random, 0.3, 0.9);
      const channel = (): number => grey + saturation * (between(random, 5, 250) - grey);
      return [channel(), channel(), channel()];
    }
    const grey = brightness + contrast * random.normal();
    const yellow = warm + 0.3 * contrast * random.normal();
    const reddish = red + 0.13 * contrast * random.normal();
    return clip([grey + yellow + reddish, grey + 0.3 * yellow - reddish, grey - yellow]);
  };
}

const clip = ([r, g, b]: Colour): Colour => {
  const byte = (v: number): number => Math.min(Math.max(v, 4), 251);
  return [byte(r), byte(g), byte(b)];
};

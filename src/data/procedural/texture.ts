/** Surfaces: what colour an object has at a point of its own coordinates, in pixels at rest. */
import type { Random } from '../random.js';
import type { Colour, Palette } from './colour.js';
import { between, chance, mostlyLow, pickWeighted, type Range } from './draw.js';
import { fractalNoise } from './noise.js';
import { bricks, checks, dots, letters, stripes, type Pattern } from './pattern.js';
import { sine } from './sine.js';

/** Writes red, green, blue at (x, y) to `out`; 0 … 255 and somewhat beyond. */
export type Texture = (x: number, y: number, out: Float64Array) => void;

/** A surface; `manMade` is the share of regular ones. Most carry some grain with a 1/f spectrum. */
export function drawTexture(random: Random, palette: Palette, manMade: number): Texture {
  const natural = 1 - manMade;
  const draw = pickWeighted(random, [
    [0.1, plain],
    [0.15, gradient],
    [0.5 * natural, cloudy()],
    [0.15 * natural, marbled],
    [0.2 * natural, blotched],
    [0.12, grating],
    ...([stripes, checks, dots, bricks] as const).map(
      (pattern) => [0.12 * manMade, patterned(pattern)] as const,
    ),
    [0.35 * manMade, patterned(letters)],
  ]);
  const base = draw(random, palette);
  return chance(random, 0.7) ? grainy(random, base) : base;
}

/** How a kind of surface is drawn. */
export type Draw = (random: Random, palette: Palette) => Texture;

function blend(a: Colour, b: Colour, m: number, out: Float64Array): void {
  for (let c = 0; c < 3; c++) out[c] = a[c] + (b[c] - a[c]) * m;
}

/** One colour. */
export const plain: Draw = (_, palette) => {
  const colour = palette();
  return (_x, _y, out) => out.set(colour);
};

const gradient: Draw = (random, palette) => {
  const [a, b] = [palette(), palette()];
  const pitch = between(random, 20, 200);
  const angle = random.uniform();
  const [u, v, offset] = [sine(angle) / pitch, sine(angle + 0.25) / pitch, random.uniform()];
  return (x, y, out) => blend(a, b, 0.5 + 0.5 * sine(0.5 * (u * x + v * y) + offset), out);
};

/** Coordinates of a noise field: scaled, stretched along one direction, somewhere on the lattice. */
function field(random: Random, pitch: number): (x: number, y: number) => [u: number, v: number] {
  const angle = random.uniform();
  const stretch = chance(random, 0.35) ? between(random, 2, 8) : 1;
  const [s, c] = [sine(angle) / pitch, sine(angle + 0.25) / pitch];
  const [u0, v0] = [between(random, 0, 256), between(random, 0, 256)];
  return (x, y) => [u0 + (c * x + s * y) / stretch, v0 + (c * y - s * x)];
}

/** As many octaves as bring the finest lattice down to about 1.5 pixels. */
const octavesFrom = (pitch: number): number => {
  let octaves = 1;
  for (let p = pitch; p > 3 && octaves < 6; p /= 2) octaves++;
  return octaves;
};

/** Noise at all scales below a pitch in pixels. */
export const cloudy =
  (pitches: Range = [2.5, 50]): Draw =>
  (random, palette) => {
    const [a, b] = [palette(), palette()];
    const pitch = mostlyLow(random, ...pitches);
    const at = field(random, pitch);
    const octaves = octavesFrom(pitch);
    const persistence = between(random, 0.45, 0.85);
    const contrast = between(random, 0.5, 1.4);
    return (x, y, out) => {
      const [u, v] = at(x, y);
      blend(a, b, 0.5 + contrast * fractalNoise(u, v, octaves, persistence), out);
    };
  };

const marbled: Draw = (random, palette) => {
  const [a, b] = [palette(), palette()];
  const pitch = between(random, 4, 30);
  const at = field(random, pitch);
  const octaves = octavesFrom(pitch);
  const [waves, swirl] = [between(random, 0.1, 0.6), between(random, 0.3, 1.5)];
  return (x, y, out) => {
    const [u, v] = at(x, y);
    blend(a, b, 0.5 + 0.5 * sine(waves * v + swirl * fractalNoise(u, v, octaves, 0.5)), out);
  };
};

/** Patches with clear edges: lichen, camouflage, a map. */
const blotched: Draw = (random, palette) => {
  const [a, b] = [palette(), palette()];
  const pitch = between(random, 3, 30);
  const at = field(random, pitch);
  const octaves = octavesFrom(pitch);
  const level = between(random, -0.2, 0.2);
  return (x, y, out) => {
    const [u, v] = at(x, y);
    const m = (fractalNoise(u, v, octaves, 0.5) - level) * 0.8 * pitch;
    blend(a, b, Math.min(Math.max(0.5 + m, 0), 1), out);
  };
};

/** A sinusoid, 2.6 pixels per cycle or longer, sometimes with changing period (a chirp). */
const grating: Draw = (random, palette) => {
  const [a, b] = [palette(), palette()];
  const pitch = mostlyLow(random, 2.6, 24);
  const angle = random.uniform();
  const [s, c] = [sine(angle), sine(angle + 0.25)];
  const chirp = chance(random, 0.3) ? between(random, 20, 80) : 0;
  return (x, y, out) => {
    const u = c * x + s * y;
    const slow = chirp > 0 ? 1 + 0.15 * sine(u / (8 * chirp)) : 1;
    blend(a, b, 0.5 + 0.5 * sine((u * slow) / (pitch * 1.2)), out);
  };
};

/** Two colours, laid out by a pattern, with a shade per cell. */
export const patterned =
  (drawPattern: (random: Random) => Pattern): Draw =>
  (random, palette) => {
    const [a, b] = [palette(), palette()];
    const pattern = drawPattern(random);
    const unevenness = chance(random, 0.5) ? between(random, 5, 40) : 0;
    return (x, y, out) => {
      const { share, shade } = pattern(x, y);
      blend(a, b, share, out);
      for (let c = 0; c < 3; c++) out[c] += unevenness * shade * share;
    };
  };

function grainy(random: Random, base: Texture): Texture {
  const pitch = mostlyLow(random, 2, 24);
  const at = field(random, pitch);
  const octaves = octavesFrom(pitch);
  const strength = mostlyLow(random, 0.03, 0.6);
  return (x, y, out) => {
    base(x, y, out);
    const [u, v] = at(x, y);
    const gain = 1 + strength * fractalNoise(u, v, octaves, 0.65);
    for (let c = 0; c < 3; c++) out[c] *= gain;
  };
}

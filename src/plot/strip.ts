/** The forward processes as a strip of pictures: a row for each process, a column for each step. */
import { CHANNELS, fromPlanar, type Image } from '../data/index.js';
import { frameNoise, sample, type Schedule } from '../diffusion/index.js';
import { scale } from '../tensor/index.js';
import { someOf } from './frequencies.js';
import { type Process, processesOf, type Scene, type State } from './processes.js';
import { document, element, label } from './svg.js';

const COLUMNS = 6;
/** Pixels between pictures, white. */
const GAP = 4;

/** The steps that are shown: the first, the last and some between. */
export const stripSteps = ({ T }: Schedule): number[] =>
  someOf(
    Array.from({ length: T + 1 }, (_, t) => t),
    COLUMNS,
  );

/**
 * The pictures, side by side, the LR frame as last column. States with noise are shown times 1/√(1 + κ² η_t), as
 * the denoiser sees them, and all have the same noise.
 *
 * @param seed of the noise
 */
export async function stripImage(scene: Scene, s: Schedule, seed: number): Promise<Image> {
  const side = scene.x0.shape[3];
  const steps = stripSteps(s);
  const rows = Object.values(processesOf(s, side)) as Process[];
  const width = (steps.length + 1) * (side + GAP) - GAP;
  const height = rows.length * (side + GAP) - GAP;
  const strip = { width, height, data: new Uint8Array(width * height * CHANNELS).fill(255) };
  const show = async ({ mean, variance }: State, t: number, column: number, row: number): Promise<void> => {
    const noise = frameNoise(mean.backend, mean.shape, [0], t, seed);
    const shown = scale(1 / Math.sqrt(1 + variance), sample({ mean, variance }, noise));
    paste(strip, fromPlanar(await shown.read(), side, side), column * (side + GAP), row * (side + GAP));
  };
  for (const [row, process] of rows.entries()) {
    for (const [column, t] of steps.entries()) await show(process(scene, t), t, column, row);
    await show({ mean: scene.xl, variance: 0 }, 0, steps.length, row);
  }
  return strip;
}

function paste(onto: Image, { width, height, data }: Image, left: number, top: number): void {
  const row = width * CHANNELS;
  for (let y = 0; y < height; y++)
    onto.data.set(data.subarray(y * row, (y + 1) * row), ((top + y) * onto.width + left) * CHANNELS);
}

/**
 * The strip with the names of rows and columns, as SVG.
 *
 * @param image the strip
 * @param href where its file is, or the file itself as a data URI
 */
export function stripFigure({ width, height }: Image, href: string, s: Schedule): string {
  const [left, top, bottom] = [90, 60, 30];
  const names = Object.keys(processesOf(s, s.p));
  const steps = [...stripSteps(s).map((t) => (t === 0 ? 't = 0 (HR)' : `t = ${t}`)), 'LR'];
  const [w, h] = [(width + GAP) / steps.length, (height + GAP) / names.length];
  return document(
    left + width + 10,
    top + height + bottom,
    label(left + width / 2, 24, 'Forward processes', { 'text-anchor': 'middle', 'font-size': 15 }),
    ...steps.map((name, i) =>
      label(left + (i + 0.5) * w - GAP / 2, top - 8, name, { 'text-anchor': 'middle' }),
    ),
    ...names.map((name, j) => label(left - 8, top + (j + 0.5) * h, name, { 'text-anchor': 'end' })),
    element('image', { x: left, y: top, width, height, href }),
    label(
      left + width / 2,
      top + height + 20,
      'States with noise are shown times 1/√(1 + κ²η), as the denoiser sees them.',
      {
        'text-anchor': 'middle',
        'font-size': 11,
      },
    ),
  );
}

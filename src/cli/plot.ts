/** seeclear plot — the diffusion as pictures, and what the paper says of them in numbers. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import {
  degrade,
  type Image,
  InputError,
  readPng,
  toPlanar,
  upscaleBicubic,
  writePng,
} from '../data/index.js';
import { makeSchedule, type Schedule } from '../diffusion/index.js';
import {
  alphaFigure,
  drawFigure,
  etaFigure,
  type Figure,
  type Finding,
  lambdaFigure,
  posteriorFigure,
  type Scene,
  snrFigure,
  spectraOf,
  spectrumFigure,
  spectrumFindings,
  stripFigure,
  stripImage,
} from '../plot/index.js';
import { CpuBackend, tensor } from '../tensor/index.js';
import { crop, heldOutPair, modelSpec, SCALE } from '../train/index.js';
import { command } from './command.js';
import { Interrupted, UsageError } from './errors.js';
import { makeFolder, writeText } from './output.js';
import { alignColumns } from './table.js';
import { oneOf } from './values.js';

/** Largest side of the frame, in pixels: the spectrum is a dense transform of all of it. */
const LARGEST = 256;
const PROCEDURAL = 128;

const ofSchedule: Readonly<Record<string, (s: Schedule) => Figure>> = {
  eta: etaFigure,
  alpha: alphaFigure,
  lambda: lambdaFigure,
  posterior: posteriorFigure,
  snr: snrFigure,
};
const names = [...Object.keys(ofSchedule), 'forward', 'spectrum'];

export const plot = command({
  name: 'plot',
  summary: 'draw the diffusion, and check the claims of Appendix B',
  usage: '-o FOLDER [--only NAME] [options]',
  description: [
    'Writes pictures of a diffusion process as SVG: its schedules (eta, alpha, lambda), posterior coefficients and',
    'signal-to-noise; a strip of the forward process of IHDM, patch blur, ResShift and SeeClear on a frame (forward, also',
    'as PNG); and their power spectra beside the LR frame (spectrum), with the claims of Appendix B as a table.',
  ].join('\n'),
  options: {
    output: { type: 'string', short: 'o', value: 'FOLDER', help: 'folder for the pictures; made if missing' },
    only: {
      type: 'string',
      value: 'NAME',
      multiple: true,
      help: `one of ${names.join(', ')}; may be repeated`,
    },
    frame: {
      type: 'string',
      value: 'FILE.png',
      help: `HR frame to take apart, cut to a square of at most ${LARGEST} pixels; left out: one that we draw`,
    },
    set: {
      type: 'string',
      value: 'FIELD=VALUE',
      multiple: true,
      help: 'a field of the process: T, kappa, minNoise, p, blurLaw, sigmaB2Max; may be repeated',
    },
  },
  positionals: [0, 0],
  async run({ values }, io) {
    const folder = values.output;
    if (folder === undefined) throw new UsageError('expected -o FOLDER, a folder for the pictures, got none');
    const wanted = values.only.length > 0 ? values.only.map((name) => oneOf('only', name, names)) : names;
    const s = scheduleOf(values.set);
    const scene = sceneOf(values.frame, s);
    makeFolder(folder);
    const files: string[] = [];
    const put = (name: string, svg: string): void => {
      const path = join(folder, `${name}.svg`);
      writeText(path, svg);
      files.push(path);
    };
    const findings: Finding[] = [];
    for (const name of wanted) {
      await turn(); // lets Ctrl-C through
      if (io.signal.aborted) throw new Interrupted(`interrupted after ${files.length} files`);
      if (name === 'forward') {
        const strip = await stripImage(scene, s, 0);
        const path = join(folder, 'forward.png');
        writePng(path, strip);
        files.push(path);
        put(name, stripFigure(strip, `data:image/png;base64,${readFileSync(path).toString('base64')}`, s));
      } else if (name === 'spectrum')
        for (const [file, t] of [
          ['spectrum', s.T],
          ['spectrum-middle', Math.round((2 * s.T) / 3)],
        ] as const) {
          const spectra = await spectraOf(scene, t, s);
          put(file, drawFigure(spectrumFigure(spectra)));
          findings.push(...spectrumFindings(spectra));
        }
      else put(name, drawFigure(ofSchedule[name](s)));
    }
    if (values.json) io.out(JSON.stringify({ files, findings }));
    else {
      if (findings.length > 0) table(findings).forEach((line) => io.out(line));
      files.forEach((path) => io.out(path));
    }
  },
});

const table = (findings: readonly Finding[]): string[] =>
  alignColumns([
    ['Appendix B', 't', 'measure in dB', '', '', '', '', 'verdict'],
    ...findings.map(({ claim, measure, t, first, second, verdict }) => [
      claim,
      String(t),
      measure,
      first.name,
      first.value.toFixed(3),
      second.name,
      second.value.toFixed(3),
      verdict,
    ]),
  ]);

/** @throws UsageError if a field is none of a process, or its value describes no process */
function scheduleOf(fields: readonly string[]): Schedule {
  try {
    return makeSchedule(
      modelSpec(
        'tiny',
        fields.map((field) => `diffusion.${field}`),
      ).diffusion,
    );
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`--set: ${error.message}`, { cause: error });
    throw error;
  }
}

/** A square frame that blocks and LR pixels divide, and what bicubic makes of its LR frame. */
function sceneOf(path: string | undefined, { p }: Schedule): Scene {
  const frame = path === undefined ? heldOutPair(0, 1, PROCEDURAL).hr[0] : readPng(path);
  const unit = SCALE * p;
  const side = Math.floor(Math.min(frame.width, frame.height, LARGEST) / unit) * unit;
  if (side === 0)
    throw new InputError(
      `${path ?? 'frame'}: expected at least ${unit} x ${unit} pixels, got ${frame.width} x ${frame.height}`,
    );
  const hr = crop(frame, side, side);
  const backend = new CpuBackend();
  const pixels = (image: Image): Scene['x0'] => tensor(backend, [1, 3, side, side], toPlanar(image));
  return { x0: pixels(hr), xl: pixels(upscaleBicubic(degrade(hr, SCALE), SCALE)) };
}

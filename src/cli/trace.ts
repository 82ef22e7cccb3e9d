/** seeclear trace — Algorithm 1 on a tiny clip, line by line; and where two such runs part. */
import { readFileSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { InputError } from '../data/index.js';
import type { Backend } from '../tensor/index.js';
import {
  compareTraces,
  parseTrace,
  perturbed,
  Recorder,
  type Trace,
  traceOf,
  type TraceRow,
} from '../trace/index.js';
import {
  heldOutPair,
  loadModel,
  loadWeights,
  makeModel,
  modelSpec,
  presetNames,
  type TrainedModel,
  upscaleClip,
  withParams,
} from '../train/index.js';
import { command } from './command.js';
import { Interrupted, UsageError } from './errors.js';
import type { Io } from './io.js';
import { deviceOf, deviceOption, type Options, type ValuesOf } from './options.js';
import { writeText } from './output.js';
import { alignColumns } from './table.js';
import { integer, oneOf, real } from './values.js';
import { withBackend } from './withBackend.js';

/** Frames of the clip, and their side in HR and LR pixels. */
const FRAMES = 2;
const HR_SIZE = 64;
const LR_SIZE = 16;

const options = {
  output: {
    type: 'string',
    short: 'o',
    value: 'FILE.json',
    help: 'also write the trace here, to compare later',
  },
  preset: {
    type: 'string',
    value: 'NAME',
    default: 'tiny',
    help: `${presetNames.join(', ')}; its parameters are drawn from the seed, none of them zero`,
  },
  weights: { type: 'string', value: 'FILE', help: 'weights made by seeclear train, in place of a preset' },
  steps: { type: 'string', value: 'T', default: '3', help: 'steps of the chain; weights bring their own' },
  seed: { type: 'string', value: 'N', default: '0', help: 'seed of noise and parameters, 0 ... 2^32 - 1' },
  tolerance: {
    type: 'string',
    value: 'X',
    default: '0.0001',
    help: 'diff: what a number may be off, in units of the largest magnitude of its tensor; 0: bit by bit',
  },
  ...deviceOption,
} as const satisfies Options;

export const trace = command({
  name: 'trace',
  summary: 'run Algorithm 1 on a tiny clip, line by line',
  usage: '[-o FILE.json] [options] | diff A.json B.json [--tolerance X]',
  description: [
    'Upscales two frames that we draw and prints a row for each line of Algorithm 1 that runs: step, line, symbol,',
    'shape, range, mean, SHA-256 of bytes and of rounded values, bytes, and ms since the row before.',
    'diff compares two traces and prints the first line where they part; exit status 1 if they do.',
  ].join('\n'),
  options,
  positionals: [0, 3],
  async run({ values, positionals }, io) {
    if (positionals.length > 0) {
      diff(values, positionals, io);
      return;
    }
    const seed = integer('seed', values.seed, 0, 2 ** 32 - 1);
    const device = deviceOf(values);
    const build = modelOf(values, seed);
    await withBackend(device, io, async (backend) => {
      const { model, name } = build(backend);
      const recorder = new Recorder(model.schedule.T);
      await upscaleClip({ ...model, multiple: LR_SIZE }, heldOutPair(0, FRAMES, HR_SIZE).lr, 0, FRAMES, {
        seed,
        observe: recorder.observe,
        onStep: async (t) => {
          await turn(); // lets Ctrl-C through
          if (io.signal.aborted) throw new Interrupted('interrupted');
          recorder.step(t - 1);
        },
      });
      const result = traceOf({ device: backend.description, model: name, seed, rows: await recorder.rows() });
      const text = JSON.stringify(result);
      if (values.output !== undefined) writeText(values.output, `${text}\n`);
      if (values.json) io.out(text);
      else tableOf(result.rows).forEach((line) => io.out(line));
    });
  },
});

/** Prints where two traces part, and throws if they do. */
function diff(
  values: ValuesOf<typeof options> & { json: boolean },
  positionals: readonly string[],
  io: Io,
): void {
  const [action, ...paths] = positionals;
  if (action !== 'diff' || paths.length !== 2)
    throw new UsageError(`expected no argument, or diff A.json B.json, got ${positionals.join(' ')}`);
  const tolerance = real('tolerance', values.tolerance, 0, 1);
  const [a, b] = paths.map(readTrace);
  const { parting, ...rest } = compareTraces(a, b, tolerance);
  const lines = parting
    ? tableOf(parting.rows.filter((row) => row !== undefined))
    : [`${rest.compared} rows agree, to ${rest.worst.toExponential(1)} of the largest magnitude`];
  if (values.json) io.out(JSON.stringify({ parting: parting ?? null, tolerance, ...rest }));
  else lines.forEach((line) => io.out(line));
  if (!parting) return;
  const row = parting.rows[0] ?? parting.rows[1];
  const where = row ? `, t = ${row.t}, line ${row.line}, ${row.symbol}` : '';
  throw new Error(`the runs part at row ${parting.index}${where}: ${parting.what}`);
}

/** What makes the model on a backend. All that can be wrong with the options is found before it opens. */
function modelOf(
  values: ValuesOf<typeof options>,
  seed: number,
): (backend: Backend) => { model: TrainedModel; name: string } {
  if (values.weights !== undefined) {
    const weights = loadWeights(values.weights);
    return (backend) => ({ model: loadModel(backend, weights), name: `weights ${weights.digest}` });
  }
  const preset = oneOf('preset', values.preset, presetNames);
  const T = integer('steps', values.steps, 2, 1000);
  const spec = modelSpec(preset, [`diffusion.T=${T}`]);
  return (backend) => {
    const model = makeModel(spec);
    const params = perturbed(model.draw(backend, seed), seed);
    return { model: withParams(model, backend, params), name: `${preset}, untrained` };
  };
}

function readTrace(path: string): Trace {
  try {
    return parseTrace(path, readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`${path}: expected a trace to read, got ${(error as NodeJS.ErrnoException).code}`);
  }
}

const tableOf = (rows: readonly TraceRow[]): string[] => {
  const number = (x: number): string => x.toPrecision(6);
  return alignColumns([
    ['symbol', 't', 'line', 'shape', 'min', 'max', 'mean', 'hash', 'rounded', 'bytes', 'ms'],
    ...rows.map((r) => [
      r.symbol,
      String(r.t),
      String(r.line),
      r.shape.join('x'),
      ...[r.min, r.max, r.mean].map(number),
      r.hash,
      r.rounded,
      String(r.bytes),
      r.ms.toFixed(1),
    ]),
  ]);
};

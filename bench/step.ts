/**
 * How fast training is. A step is that of `train`, on a batch that is prepared beforehand. `host` is the part of it
 * before the first wait: recording, planning, encoding. While the host encodes, the device is at work already, so the
 * two overlap. `cpu` is what the process took of all cores, a software driver's threads included: on a machine that
 * others use as well it says more than the time on the clock. Dispatches are counted where WebGPU is called.
 */
import { writeFileSync } from 'node:fs';
import { deviceChoice, DeviceError } from '../src/kernels/index.js';
import { openDevice } from '../src/kernels/runtime/device.js';
import {
  makeModel,
  modelSpec,
  prepareBatch,
  presetNames,
  stageNames,
  trainingClips,
  trainState,
  trainStep,
} from '../src/train/index.js';
import { gpuBackend } from '../test/support/kernelLaw.js';
import { commandLine, refuse } from './commandLine.js';
import { quantile } from './harness.js';
import { provenance } from './provenance.js';

const USAGE = `npx tsx bench/step.ts [--preset NAME] [--stage NAME] [--clips N] [--frames N] [--crop N] [--steps N] [--json FILE]

  --preset NAME  ${presetNames.join(', ')} (default tiny)
  --stage NAME   ${stageNames.join(', ')} (default condenser)
  --clips N, --frames N, --crop N
                 what a batch holds: clips, frames of each, pixels of their sides (default 1, 5, 64)
  --steps N      steps that are timed, after three that are not (default 20)
  --json FILE    also writes {adapter, commit, node, date, …, row}, times in ms

SEECLEAR_DEVICE names the device.`;

const options = commandLine(USAGE, {
  preset: { type: 'string', default: 'tiny' },
  clips: { type: 'string', default: '1' },
  frames: { type: 'string', default: '5' },
  crop: { type: 'string', default: '64' },
  stage: { type: 'string', default: 'condenser' },
  steps: { type: 'string', default: '20' },
  json: { type: 'string' },
});
const oneOf = <T extends string>(option: 'preset' | 'stage', names: readonly T[]): T =>
  names.find((name) => name === options[option]) ??
  refuse(`--${option}: expected one of ${names.join(', ')}, got ${options[option]}`);
const preset = oneOf('preset', presetNames);
const stage = oneOf('stage', stageNames);
const count = (option: 'clips' | 'frames' | 'crop' | 'steps'): number => {
  const value = Number(options[option]);
  return Number.isInteger(value) && value > 0
    ? value
    : refuse(`--${option}: expected 1 or more, got ${options[option]}`);
};
const [clips, frames, crop, steps] = [count('clips'), count('frames'), count('crop'), count('steps')];
const WARM_UP = 3;

const opened = await openDevice(deviceChoice(process.env.SEECLEAR_DEVICE ?? 'auto'));
if (!opened) throw new DeviceError('there is no WebGPU device to measure');

let dispatches = 0;
const { prototype } = GPUComputePassEncoder;
const dispatch = Reflect.get<typeof prototype, 'dispatchWorkgroups'>(prototype, 'dispatchWorkgroups');
prototype.dispatchWorkgroups = function (...counts): undefined {
  dispatches++;
  dispatch.apply(this, counts);
};

const backend = gpuBackend(opened);
const model = makeModel(modelSpec(preset));
const batch = prepareBatch(trainingClips('procedural', 0), 0, { clips, frames, crop });
let state = trainState(model.draw(backend, 0));

const step = async (): Promise<{ all: number; host: number }> => {
  const start = performance.now();
  const settings = { seed: 0, frames, stage, lr: 1e-4, clipNorm: 1, emaDecay: 0.999 };
  const work = trainStep(model, backend, state, batch, settings);
  const host = performance.now() - start;
  ({ state } = await work);
  return { all: performance.now() - start, host };
};

const first = await step();
for (let i = 1; i < WARM_UP; i++) await step();
dispatches = 0;
const cpuBefore = process.cpuUsage();
const samples: { all: number; host: number }[] = [];
for (let i = 0; i < steps; i++) samples.push(await step());
const cpu = process.cpuUsage(cpuBefore);

const of = (field: 'all' | 'host', q: number): number =>
  quantile(
    samples.map((sample) => sample[field]),
    q,
  );
const { tensors, bytes, reserved } = backend.memory();
const row = {
  name: `${preset}, ${stage}, ${clips} × ${frames} frames of ${crop}²`,
  first: first.all,
  median: of('all', 0.5),
  min: of('all', 0),
  spread: of('all', 0.75) - of('all', 0.25),
  host: of('host', 0.5),
  cpu: (cpu.user + cpu.system) / 1000 / steps,
  steps,
  dispatches: dispatches / steps,
  tensors,
  bytes,
  reserved,
};
opened.device.destroy();

console.log(opened.description);
for (const [name, value] of Object.entries(row))
  console.log(`${name.padEnd(12)}${typeof value === 'number' ? String(Math.round(10 * value) / 10) : value}`);

if (options.json !== undefined) {
  const about = provenance(opened.description);
  writeFileSync(options.json, `${JSON.stringify({ ...about, row }, undefined, 2)}\n`);
}

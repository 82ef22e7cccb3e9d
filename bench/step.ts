/**
 * How fast training is: npx tsx bench/step.ts [--preset NAME] [--stage NAME] [--clips N] [--frames N] [--crop N]
 *                       [--steps N] [--json FILE]
 *
 *   --steps N     steps that are timed, after three that are not
 *   --json FILE   also writes {adapter, commit, node, date, …, row}, times in ms
 *
 * SEECLEAR_DEVICE names the device. A step is that of `train`, on a batch that is prepared beforehand. `host` is the
 * part of it before the first wait: recording, planning, encoding. While the host encodes, the device is at work
 * already, so the two overlap. `cpu` is what the process took of all cores, a software driver's threads included:
 * on a machine that others use as well it says more than the time on the clock. Dispatches are counted where WebGPU
 * is called.
 */
import { writeFileSync } from 'node:fs';
import { provenance } from './provenance.js';
import { parseArgs } from 'node:util';
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

const { values: options } = parseArgs({
  options: {
    preset: { type: 'string', default: 'tiny' },
    clips: { type: 'string', default: '1' },
    frames: { type: 'string', default: '5' },
    crop: { type: 'string', default: '64' },
    stage: { type: 'string', default: 'condenser' },
    steps: { type: 'string', default: '20' },
    json: { type: 'string' },
  },
});
const preset = presetNames.find((name) => name === options.preset);
if (!preset) throw new Error(`--preset: expected one of ${presetNames.join(', ')}, got ${options.preset}`);
const stage = stageNames.find((name) => name === options.stage);
if (!stage) throw new Error(`--stage: expected one of ${stageNames.join(', ')}, got ${options.stage}`);
const [clips, frames, crop, steps] = [options.clips, options.frames, options.crop, options.steps].map(Number);
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
  const settings = { seed: 0, frames, stage: 'condenser', lr: 1e-4, clipNorm: 1, emaDecay: 0.999 } as const;
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

const quantile = (of: 'all' | 'host', q: number): number =>
  samples.map((sample) => sample[of]).sort((a, b) => a - b)[Math.round(q * (steps - 1))];
const { tensors, bytes, reserved } = backend.memory();
const row = {
  name: `${preset}, ${stage}, ${clips} × ${frames} frames of ${crop}²`,
  first: first.all,
  median: quantile('all', 0.5),
  min: quantile('all', 0),
  spread: quantile('all', 0.75) - quantile('all', 0.25),
  host: quantile('host', 0.5),
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

/** `npm run bench`: how fast all of it is. Every result is checked before it is timed. */
import { deviceChoice, DeviceError } from '../src/kernels/index.js';
import { openDevice } from '../src/kernels/runtime/device.js';
import { gpuBackend } from '../test/support/kernelLaw.js';
import { commandLine, refuse } from './commandLine.js';
import { comparePeers, INSTALL, peerVersions } from './compare.js';
import { measureHost } from './host.js';
import { heaviest, launchesOf, modelShapes } from './launches.js';
import * as lines from './lines.js';
import { measurePeak, type Peak } from './peak.js';
import { provenance } from './provenance.js';
import { partNames, writePart, type Findings, type ModelPart, type ModelRow } from './report.js';
import { trainingStep } from './trainingStep.js';
import { measure, type WorkRow } from './work.js';
import { works } from './works.js';

const USAGE = `npm run bench -- [--parts LIST] [--peers] [--only TEXT] [--rounds N] [--quick] [--json FILE]

  --parts LIST  kernels, model, host, steps, peers, or some of them (default: all but peers)
  --peers       peers as well; bench/peers/package.json must be installed
  --only TEXT   only rows whose name contains it; the part then has no others in the file either
  --rounds N    rounds of the peers (default 5)
  --quick       tiny sizes and few runs: to see that all of it works, not to measure
  --json FILE   where results go (default runs/bench.json); parts that are not measured stay as they are there

kernels   every kernel, at the sizes of the first level of small
model     what training steps of small and paper launch: the heaviest of it
host      what an op of the tensor library costs beside a raw dispatch
steps     whole training steps and first calls, by bench/step.ts, in processes of their own
peers     our library and others on the same cases, each in a process of its own, by turns

SEECLEAR_DEVICE names the device. Mesa's shader cache is off, so that first calls say what compilation costs.`;

const options = commandLine(USAGE, {
  parts: { type: 'string', default: 'kernels,model,host,steps' },
  peers: { type: 'boolean', default: false },
  only: { type: 'string', default: '' },
  rounds: { type: 'string', default: '5' },
  quick: { type: 'boolean', default: false },
  json: { type: 'string', default: 'runs/bench.json' },
});
const { quick, json } = options;
const asked = new Set([...options.parts.split(','), ...(options.peers ? ['peers'] : [])]);
const unknown = [...asked].find((name) => !partNames.some((part) => part === name));
if (unknown !== undefined) refuse(`--parts: expected some of ${partNames.join(', ')}, got ${unknown}`);
const rounds = Number(options.rounds);
if (!Number.isInteger(rounds) || rounds < 1) refuse(`--rounds: expected 1 or more, got ${options.rounds}`);
const versions = asked.has('peers') ? peerVersions() : {};
if (!versions) refuse(`the libraries to compare with are not installed: ${INSTALL}`);

if (!quick) process.env.MESA_SHADER_CACHE_DISABLE ??= 'true'; // before any driver is loaded
const opened = await openDevice(deviceChoice(process.env.SEECLEAR_DEVICE ?? 'auto'));
if (!opened) throw new DeviceError('there is no WebGPU device to measure');
console.log(opened.description);

const wanted = (name: string): boolean => name.includes(options.only);

let measuredPeak: Peak | undefined;
async function devicePeak(): Promise<Peak> {
  if (!measuredPeak) {
    measuredPeak = await measurePeak(opened!, quick);
    console.log(lines.peakLines(measuredPeak));
  }
  return measuredPeak;
}

const measurements: { readonly [K in keyof Findings]: () => Promise<Findings[K]> } = {
  async kernels() {
    const peak = await devicePeak();
    console.log(lines.workHeader());
    const rows: WorkRow[] = [];
    for (const work of quick ? works(1, 8) : works(10, 32)) {
      if (!wanted(work.name)) continue;
      const row = await measure(opened, work, peak, quick);
      console.log(lines.workLine(row));
      rows.push(row);
    }
    return { peak, rows };
  },

  async model() {
    const peak = await devicePeak();
    const presets: ModelPart[] = [];
    for (const shape of quick ? modelShapes.slice(0, 1) : modelShapes) {
      const all = await launchesOf(shape, gpuBackend(opened).largestTensor);
      const { chosen, part } = heaviest(all, peak, quick ? 2 : 20);
      const launches = all.reduce((sum, { count }) => sum + count, 0);
      console.log(
        `\n${shape.preset}: ${launches} launches, ${chosen.length} of ${all.length} different ones`,
      );
      console.log(lines.workHeader());
      const rows: ModelRow[] = [];
      for (const launched of chosen) {
        if (!wanted(launched.name)) continue;
        const row = await measure(opened, launched, peak, quick);
        console.log(lines.workLine(row));
        rows.push({ ...row, count: launched.count });
      }
      presets.push({ ...shape, launches, different: all.length, part, rows });
    }
    return { peak, presets };
  },

  async host() {
    const rows = await measureHost(opened, quick);
    console.log(lines.hostHeader());
    for (const row of rows) console.log(lines.hostLine(row));
    return { rows };
  },

  steps() {
    console.log(lines.stepHeader());
    const presets = quick ? ([['tiny', 1]] as const) : ([['tiny', 10], ['small', 5]] as const); // prettier-ignore
    const rows = presets.map(([preset, steps]) => {
      const row = trainingStep(preset, steps);
      console.log(lines.stepLine(row));
      return row;
    });
    return Promise.resolve({ rows });
  },

  async peers() {
    console.log('\nThe fastest other library as a multiple of ours');
    const report = (row: Findings['peers']['rows'][number]): void => console.log(lines.peerLine(row));
    return { versions, rows: await comparePeers({ rounds, quick, wanted, report }) };
  },
};

for (const name of partNames) {
  if (!asked.has(name)) continue;
  const about = provenance(opened.description);
  writePart(json, name, about, await measurements[name]());
}
opened.device.destroy();
console.log(`\n${json}`);

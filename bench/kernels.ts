/**
 * How fast the kernels are: npx tsx bench/kernels.ts [--only TEXT] [--json FILE] [--quick]
 *
 *   --only TEXT   only rows whose name contains it
 *   --json FILE   also writes {adapter, commit, node, date, rows}, times in ms
 *   --quick       tiny sizes and three runs: to see that all of it works, not to measure
 *
 * SEECLEAR_DEVICE names the device. `first` is the first call of a row, compilation included unless an earlier
 * row has compiled the same variant. GB/s counts each input and output once. Each kernel is checked against its
 * reference, at a small size of the same variant, before it is timed.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { deviceChoice, DeviceError } from '../src/kernels/index.js';
import { matmul } from '../src/kernels/matmul.js';
import { openDevice } from '../src/kernels/runtime/device.js';
import { expectRounded } from '../test/support/close.js';
import { gpuBackend } from '../test/support/kernelLaw.js';
import { gpujsProduct } from './gpujs.js';
import { milliseconds, time, type Timing } from './harness.js';
import { inputsOf, runner } from './work.js';
import { works } from './works.js';
import { provenance } from './provenance.js';

interface Row extends Timing {
  readonly name: string;
  readonly first: number;
  readonly gflops: number | undefined;
  readonly gbytes: number;
}

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    json: { type: 'string' },
    quick: { type: 'boolean', default: false },
  },
});
const small = works(1, 16);
const timed = options.quick ? small : works(10, 32);
const runs = options.quick ? 3 : 15;

const opened = await openDevice(deviceChoice(process.env.SEECLEAR_DEVICE ?? 'auto'));
if (!opened) throw new DeviceError('there is no WebGPU device to measure');
const wanted = (name: string): boolean => name.includes(options.only);

const rows: Row[] = [];
const add = (name: string, first: number, timing: Timing, flops: number | undefined, bytes: number): void => {
  const perSecond = (count: number): number => count / timing.median / 1e6; // in units of 10⁹
  const gflops = flops === undefined ? undefined : perSecond(flops);
  const row = { name, first, ...timing, gflops, gbytes: perSecond(bytes) };
  rows.push(row);
  console.log(line(row));
};

console.log(`${opened.description}\n`);
console.log(lineOf('', 'first ms', 'median ms', 'min ms', 'spread ms', 'GFLOP/s', 'GB/s'));
for (const [i, work] of timed.entries()) {
  if (!wanted(work.name)) continue;
  const run = runner(gpuBackend(opened), work);
  const first = await milliseconds(() => run(1));
  await small[i].check(opened);
  add(work.name, first, await time(run, runs), work.flops, work.bytes);
}
await baseline(options.quick ? 64 : 512);
opened.device.destroy();

if (options.json !== undefined) {
  const about = provenance(opened.description);
  writeFileSync(options.json, `${JSON.stringify({ ...about, rows }, undefined, 2)}\n`);
}

/** What JavaScript had before: the matrix product by gpu.js, which compiles it to WebAssembly. */
async function baseline(m: number): Promise<void> {
  const name = `matmul ${m}, gpu.js webasm`;
  if (!wanted(name)) return;
  const shapes = [[m, m], [m, m]]; // prettier-ignore
  const inputs = inputsOf({ shapes });
  const [x, y] = inputs.map((values) =>
    Array.from({ length: m }, (_, i) => Float32Array.from(values.subarray(i * m, (i + 1) * m))),
  );
  const multiply = gpujsProduct(m);
  const run = (repeats: number): Promise<void> => {
    for (let i = 0; i < repeats; i++) multiply(x, y);
    return Promise.resolve();
  };
  const first = await milliseconds(() => run(1));
  const params = { ta: false, tb: false };
  const expected = matmul.reference(inputs, shapes, params);
  const product = multiply(x, y).flatMap((row) => [...row]);
  expectRounded(product, expected, matmul.roundings(shapes, params), expected);
  add(name, first, await time(run, runs), 2 * m ** 3, 4 * 3 * m * m);
}

function line({ name, first, median, min, spread, gflops, gbytes }: Row): string {
  const times = [first, median, min, spread].map((ms) => ms.toFixed(3));
  return lineOf(name, ...times, gflops === undefined ? '' : gflops.toFixed(1), gbytes.toFixed(2));
}

function lineOf(name: string, ...cells: string[]): string {
  return [name.padEnd(34), ...cells.map((cell) => cell.padStart(10))].join('');
}

import { expect } from 'chai';
import type { OpenedDevice } from '../src/kernels/runtime/device.js';
import { values } from '../test/support/arbitraries.js';
import { time } from './harness.js';
import { rawKernel } from './raw.js';

/** What the device does at most, as far as these kernels can tell: the best run of each. */
export interface Peak {
  /** 10⁹ additions and multiplications a second, the better of f32 and vec4f */
  readonly gflops: number;
  /** 10⁹ bytes a second, read and written, the better of f32 and vec4f */
  readonly gbytes: number;
  readonly rows: readonly { readonly name: string; readonly value: number; readonly unit: string }[];
}

type Element = 'f32' | 'vec4f';
const elements: readonly Element[] = ['f32', 'vec4f'];
const lanes = { f32: 1, vec4f: 4 };

export async function measurePeak(opened: OpenedDevice, quick: boolean): Promise<Peak> {
  const runs = quick ? 3 : 15;
  const rows: { name: string; value: number; unit: string }[] = [];
  const best = async (
    name: string,
    unit: string,
    measure: (element: Element) => Promise<number>,
  ): Promise<number> => {
    const found: number[] = [];
    for (const element of elements) {
      const value = await measure(element);
      found.push(value);
      rows.push({ name: `${name}, ${element}`, value, unit });
    }
    return Math.max(...found);
  };
  const gflops = await best('multiply-adds in registers', 'GFLOP/s', (element) =>
    multiplyAdds(opened, element, runs, quick ? 16 : 4096),
  );
  const gbytes = await best('copy of a buffer', 'GB/s', (element) =>
    copying(opened, element, runs, quick ? 1 << 16 : 1 << 22),
  );
  return { gflops, gbytes, rows };
}

const CHAINS = 12;
const UNROLLED = 8;
const TURNS = 64;

const repeated = (n: number, text: (i: number) => string): string =>
  Array.from({ length: n }, (_, i) => text(i)).join(' ');

/** Independent chains s ← s x + y in registers: twelve hide the latency of each, and fit into the registers. */
async function multiplyAdds(
  opened: OpenedDevice,
  element: Element,
  runs: number,
  groups: number,
): Promise<number> {
  const wgsl = `
alias T = ${element};
@group(0) @binding(0) var<storage, read_write> out: array<T>;
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let x = T(0.5 + f32(id.x) * 1e-6);
  let y = T(1e-3);
  ${repeated(CHAINS, (i) => `var s${i} = T(f32(id.x) + ${i}.0);`)}
  for (var turn = 0; turn < ${TURNS}; turn++) {
    ${repeated(UNROLLED, () => repeated(CHAINS, (i) => `s${i} = fma(s${i}, x, y);`))}
  }
  if (id.x < ${4 / lanes[element]}u) { out[id.x] = ${repeated(CHAINS, (i) => `${i > 0 ? '+ ' : ''}s${i}`)}; }
}`;
  const kernel = rawKernel(opened, wgsl, [new Float32Array(4)], [groups, 1]);
  const { min } = await time(async (repeats) => {
    kernel.submit(repeats);
    await kernel.done();
  }, runs);
  // Each chain tends to y / (1 − x).
  expect((await kernel.read())[0], 'multiply-adds').to.be.closeTo((CHAINS * 1e-3) / 0.5, 1e-5);
  return (2 * lanes[element] * CHAINS * UNROLLED * TURNS * 64 * groups) / min / 1e6;
}

async function copying(opened: OpenedDevice, element: Element, runs: number, size: number): Promise<number> {
  const perGroup = 256 * lanes[element];
  const across = Math.min(32768, size / perGroup);
  const wgsl = `
@group(0) @binding(0) var<storage, read> from_: array<${element}>;
@group(0) @binding(1) var<storage, read_write> to: array<${element}>;
@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = id.y * ${across * 256}u + id.x;
  to[i] = from_[i];
}`;
  const source = Float32Array.from(values(1, size));
  const kernel = rawKernel(
    opened,
    wgsl,
    [source, new Float32Array(size)],
    [across, size / perGroup / across],
  );
  const { min } = await time(async (repeats) => {
    kernel.submit(repeats);
    await kernel.done();
  }, runs);
  expect(
    (await kernel.read()).every((v, i) => v === source[i]),
    'the copy',
  ).to.equal(true);
  return (2 * 4 * size) / min / 1e6;
}

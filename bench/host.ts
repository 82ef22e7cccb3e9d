import { expect } from 'chai';
import type { OpenedDevice } from '../src/kernels/runtime/device.js';
import { add, free, Replay, scope, tensor, type Tensor } from '../src/tensor/index.js';
import { values } from '../test/support/arbitraries.js';
import { gpuBackend } from '../test/support/kernelLaw.js';
import { median } from './harness.js';
import { rawKernel } from './raw.js';

/** What one small op costs, in µs: additions of 1024 numbers, a thousand at a time. */
export interface HostRow {
  readonly name: string;
  /** Whether the step was recorded before and is replayed. */
  readonly replayed: boolean;
  /** from the first call to the end of the work on the device */
  readonly all: number;
  /** of it, until the host has submitted everything; the device is at work already */
  readonly host: number;
  /** `all` as a multiple of the raw dispatch's of the same round, the median of the rounds */
  readonly ofRaw: number;
  /** of each round */
  readonly ratios: readonly number[];
}

const SIZE = 1024;

const ADD = `
@group(0) @binding(0) var<storage, read> a: array<f32>;
@group(0) @binding(1) var<storage, read> b: array<f32>;
@group(0) @binding(2) var<storage, read_write> sum: array<f32>;
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) { sum[id.x] = a[id.x] + b[id.x]; }`;

interface Contestant {
  readonly name: string;
  readonly replayed: boolean;
  /** Asks the device for many additions and does not wait. */
  readonly ask: () => void;
}

/** A raw dispatch against an op of the tensor library, recorded before or not, in turns, so that what else the machine does hits both. */
export async function measureHost(opened: OpenedDevice, quick: boolean): Promise<HostRow[]> {
  const [ops, rounds] = quick ? [20, 2] : [1000, 9];
  const backend = gpuBackend(opened);
  const [a, b] = [values(1, SIZE), values(2, SIZE)];
  const raw = rawKernel(opened, ADD, [a, b, a].map((x) => new Float32Array(x)), [SIZE / 64, 1]); // prettier-ignore
  const [x, y] = [a, b].map((numbers) => tensor(backend, [SIZE], numbers));
  /** All sums on the way, the last first: what is kept joins no chain. */
  const kept = (): Tensor[] => {
    const sums = [x];
    for (let i = 0; i < ops; i++) sums.push(add(sums[i], y));
    return sums.slice(1).reverse();
  };
  const chain = (): Tensor[] => kept().slice(0, 1);
  const [keptAgain, chainAgain] = [kept, chain].map((adds) => new Replay(backend, adds));
  const contestants: Contestant[] = [
    { name: 'raw dispatch, all in one pass', replayed: false, ask: () => raw.submit(ops) },
    { name: 'add', replayed: false, ask: () => free(scope(backend, kept)) },
    { name: 'add, replayed', replayed: true, ask: () => free(keptAgain.run({})) },
    { name: 'add in chains of sixteen', replayed: false, ask: () => free(scope(backend, chain)) },
    { name: 'add in chains of sixteen, replayed', replayed: true, ask: () => free(chainAgain.run({})) },
  ];

  const once = async ({ ask }: Contestant): Promise<{ all: number; host: number }> => {
    const start = performance.now();
    ask();
    const host = performance.now() - start;
    await backend.sync();
    return { all: (1000 * (performance.now() - start)) / ops, host: (1000 * host) / ops };
  };
  for (const contestant of contestants) await once(contestant);
  expect([...(await raw.read())]).to.deep.equal([...(await add(x, y).read())]);
  const last = await scope(backend, chain)[0].read();
  for (const again of [keptAgain, chainAgain])
    expect([...(await again.run({})[0].read())]).to.deep.equal([...last]);

  const samples = contestants.map((): { all: number; host: number }[] => []);
  for (let round = 0; round < rounds; round++)
    for (const [i, contestant] of contestants.entries()) samples[i].push(await once(contestant));
  free([x, y]);
  return contestants.map(({ name, replayed }, i) => {
    const ratios = samples[i].map(({ all }, round) => all / samples[0][round].all);
    const of = (field: 'all' | 'host'): number => median(samples[i].map((sample) => sample[field]));
    return { name, replayed, all: of('all'), host: of('host'), ofRaw: median(ratios), ratios };
  });
}

import { expect } from 'chai';
import { existsSync, readFileSync } from 'node:fs';
import { lincomb } from '../../../src/kernels/lincomb.js';
import type { Backend, Recording, Storage } from '../../../src/kernels/index.js';
import { BindGroups, MOST_BIND_GROUPS } from '../../../src/kernels/runtime/bindGroups.js';
import { openDevice } from '../../../src/kernels/runtime/device.js';
import { GpuBackend } from '../../../src/kernels/runtime/gpuBackend.js';
import { onGpu } from '../../support/gpu.js';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A set of `size` objects that stand for bind groups. */
function setOf(size: number): BindGroups {
  const set = new BindGroups();
  for (let i = 0; i < size; i++) set.keep(i, {} as GPUBindGroup);
  return set;
}

describe('BindGroups', () => {
  const size = MOST_BIND_GROUPS >> 6;

  it('holds no more than a process may, and what is used stays', () => {
    const used = setOf(size);
    const others: BindGroups[] = [];
    for (let made = 0; made < 3 * MOST_BIND_GROUPS; made += size) {
      used.use();
      others.push(setOf(size));
      const held = others.reduce((sum, other) => sum + other.size, used.size);
      expect(held).to.be.at.most(MOST_BIND_GROUPS);
    }
    expect(used.size).to.equal(size);
    const emptied = others.findLastIndex((other) => other.size === 0);
    expect(emptied).to.be.greaterThan(0);
    expect(others.findIndex((other) => other.size > 0)).to.equal(emptied + 1);
  });

  it('does not count the sets that nobody holds', async () => {
    const unused = setOf(size);
    for (let made = 0; made < 3 * MOST_BIND_GROUPS; made += size) {
      setOf(size);
      await turn(); // a WeakRef holds its target until then
    }
    expect(unused.size).to.equal(size);
  });

  it('goes on when one set alone is too large', () => {
    const set = setOf(MOST_BIND_GROUPS + 10);
    expect(set.size).to.be.within(10, MOST_BIND_GROUPS);
    expect(set.get(MOST_BIND_GROUPS + 9)).to.not.equal(undefined);
  });
});

/** Memory maps of this process, of which lavapipe takes one for each bind group. */
const maps = (): number => readFileSync('/proc/self/maps', 'utf8').split('\n').length;

/** x + LENGTH, by ones. */
const LENGTH = 4000;
function counting(backend: Backend, x: Storage): Recording {
  const recording = backend.record([x], () => {
    let y = x;
    for (let i = 0; i < LENGTH; i++) y = backend.run(lincomb, [y], [[4]], { coefficients: [1], bias: 1 });
    return [y];
  });
  if (!recording) throw new Error('a GPU backend makes recordings');
  return recording;
}

/** Replays a recording, and checks what comes of it. */
async function replay(backend: Backend, recording: Recording, start: number): Promise<void> {
  const x = backend.upload(new Float32Array(4).fill(start));
  const [y] = recording.replay([x]) ?? [];
  expect([...(await backend.read(y))]).to.deep.equal(new Array(4).fill(start + LENGTH));
  [x, y].forEach((storage) => backend.free(storage));
}

describe('memory maps', () => {
  before(function () {
    if (!existsSync('/proc/self/maps')) this.skip();
  });

  it(
    'do not grow with recordings, and all of these can still be replayed',
    onGpu(async (opened) => {
      const backend = new GpuBackend(opened);
      const recordings = Array.from({ length: 9 }, () => {
        const x = backend.upload(new Float32Array(4));
        const recording = counting(backend, x);
        backend.free(x);
        return recording;
      });
      expect(recordings.length * LENGTH).to.be.greaterThan(1.4 * MOST_BIND_GROUPS);
      const start = maps();
      for (const recording of recordings) await replay(backend, recording, 1);
      // Those that are given up come free when the device has done what was submitted before.
      expect(maps() - start).to.be.at.most(MOST_BIND_GROUPS + LENGTH + 1000);
      await replay(backend, recordings[0], 2);
      recordings.forEach((recording) => recording.free());
    }),
  );

  it('go with the backend that is closed', async function () {
    const start = maps();
    for (let i = 0; i < 3; i++) {
      const opened = await openDevice('auto');
      if (!opened) this.skip();
      const backend = new GpuBackend(opened);
      const x = backend.upload(new Float32Array(4));
      await replay(backend, counting(backend, x), i);
      backend.close();
    }
    expect(maps() - start).to.be.at.most(LENGTH / 2);
  });
});

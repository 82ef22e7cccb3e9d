import { expect } from 'chai';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromPlanar, InputError, proceduralSource, upscaleBicubic, writePng } from '../../src/data/index.js';
import {
  batchOf,
  BatchPool,
  type BatchShape,
  heldOutPair,
  prepareBatch,
  trainingClips,
} from '../../src/train/index.js';
import { clipSeed, heldOutSeed, initSeed, noiseSeed, noiseStreams, timestep } from '../../src/train/seeds.js';

const shape = { clips: 2, frames: 2, crop: 16 };

describe('batches', () => {
  it('hold the source’s clips in order, each frame with its LR frame and that one enlarged', () => {
    const source = trainingClips('procedural', 5);
    const batch = prepareBatch(source, 3, shape);
    expect([batch.n, batch.size]).to.deep.equal([4, 16]);
    const frame = (values: Float32Array, i: number, size: number): ReturnType<typeof fromPlanar> =>
      fromPlanar(values.subarray(i * 3 * size * size, (i + 1) * 3 * size * size), size, size);
    for (let i = 0; i < 4; i++) {
      const want = source.clip(3 * 2 + Math.floor(i / 2), 2, 16)[i % 2];
      expect(frame(batch.hr, i, 16)).to.deep.equal(want);
      expect(frame(batch.upscaled, i, 16)).to.deep.equal(upscaleBicubic(frame(batch.lr, i, 4)));
    }
  });

  it('with the clips before them hold both halves of longer clips', () => {
    const source = trainingClips('procedural', 5);
    const batch = prepareBatch(source, 3, { ...shape, carried: true });
    const videos = [6, 7].map((index) => source.clip(index, 4, 16));
    const { previous, ...own } = batch;
    expect(previous).to.deep.equal(batchOf(videos.flatMap((video) => video.slice(0, 2))));
    expect(own).to.deep.equal(batchOf(videos.flatMap((video) => video.slice(2))));
  });

  it('are the same from threads, however many', async () => {
    const source = trainingClips('procedural', 5);
    const shapeOf = (step: number): BatchShape => ({ ...shape, carried: step % 2 === 1 });
    for (const threads of [1, 3]) {
      const pool = new BatchPool({ data: 'procedural', seed: 5, cacheBytes: 0 }, shapeOf, threads);
      try {
        for (const step of [4, 5, 6, 7])
          expect(await pool.batch(step)).to.deep.equal(prepareBatch(source, step, shapeOf(step)));
      } finally {
        await pool.close();
      }
    }
  });

  it('from a folder with clips too small: an InputError that names the size', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'clips-'));
    mkdirSync(join(folder, 'a'));
    proceduralSource(1)
      .clip(0, 2, 12)
      .forEach((frame, i) => writePng(join(folder, 'a', `${i}.png`), frame));
    const pool = new BatchPool({ data: folder, seed: 0, cacheBytes: 1e6 }, () => shape, 1);
    const error: unknown = await pool.batch(0).catch((e: unknown) => e);
    await pool.close();
    rmSync(folder, { recursive: true });
    expect(error)
      .to.be.instanceOf(InputError)
      .with.property('message')
      .that.matches(/at least 16 x 16/);
  });
});

describe('seeds', () => {
  it('of held-out clips lie outside those of every training run', () => {
    for (const seed of [0, 1, 2 ** 32 - 1]) {
      expect(clipSeed(seed)).to.be.below(2 ** 32);
      expect(heldOutSeed(seed)).to.be.at.least(2 ** 32);
    }
    expect(heldOutPair(0, 1, 16).hr).to.not.deep.equal(trainingClips('procedural', 0).clip(0, 1, 16));
    expect(() => clipSeed(2 ** 32)).to.throw(RangeError);
  });

  it('differ by purpose', () => expect(noiseSeed(3)).to.not.equal(initSeed(3)));

  it('give the noise of every step and of the clips before it a stream of its own', () => {
    const streams = [0, 1, 2].flatMap((step) => Object.values(noiseStreams(step)));
    expect(new Set(streams).size).to.equal(6);
  });

  it('give every timestep as often', () => {
    const counts = new Array<number>(16).fill(0);
    for (let i = 0; i < 15_000; i++) counts[timestep(1, i, 15)]++;
    expect(counts[0]).to.equal(0);
    counts.slice(1).forEach((n) => expect(n).to.be.within(1000 - 150, 1000 + 150)); // 5 σ
  });
});

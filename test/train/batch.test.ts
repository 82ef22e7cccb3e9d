import { expect } from 'chai';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  fromPlanar,
  type Image,
  InputError,
  type PairSource,
  proceduralSource,
  upscaleBicubic,
  writePng,
} from '../../src/data/index.js';
import {
  batchOf,
  BatchPool,
  type BatchShape,
  heldOutPair,
  prepareBatch,
  PROCEDURAL,
  trainingClips,
} from '../../src/train/index.js';
import { planes } from '../../src/train/batch.js';
import {
  choiceSeed,
  clipSeed,
  heldOutSeed,
  initSeed,
  noiseSeed,
  noiseStreams,
  timestep,
} from '../../src/train/seeds.js';

const shape = { clips: 2, frames: 2, crop: 16 };

/** A folder with a video of four frames, 16 x 16, in `a`. */
let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'clips-'));
  mkdirSync(join(folder, 'a'));
  proceduralSource(1)
    .clip(0, 4, 16)
    .forEach((frame, i) => writePng(join(folder, 'a', `${i}.png`), frame));
});
after(() => rmSync(folder, { recursive: true }));

describe('batches', () => {
  it('hold the source’s clips in order, each frame with its LR frame and that one enlarged', () => {
    const source = trainingClips('procedural', 5);
    const batch = prepareBatch(source, 3, shape);
    expect([batch.n, batch.size]).to.deep.equal([4, 16]);
    const frame = (values: Float32Array, i: number, size: number): ReturnType<typeof fromPlanar> =>
      fromPlanar(values.subarray(i * 3 * size * size, (i + 1) * 3 * size * size), size, size);
    for (let i = 0; i < 4; i++) {
      const want = source.pair(3 * 2 + Math.floor(i / 2), 2, 16).hr[i % 2];
      expect(frame(batch.hr, i, 16)).to.deep.equal(want);
      expect(frame(batch.upscaled, i, 16)).to.deep.equal(upscaleBicubic(frame(batch.lr, i, 4)));
    }
  });

  it('with the clips before them hold both halves of longer clips', () => {
    const source = trainingClips('procedural', 5);
    const batch = prepareBatch(source, 3, { ...shape, carried: true });
    const videos = [6, 7].map((index) => source.pair(index, 4, 16).hr);
    const { previous, ...own } = batch;
    expect(previous).to.deep.equal(batchOf(videos.flatMap((video) => video.slice(0, 2))));
    expect(own).to.deep.equal(batchOf(videos.flatMap((video) => video.slice(2))));
  });

  it('ask for videos of one clip, also where the clips before them belong to it', () => {
    const asked: (number | undefined)[][] = [];
    const source: PairSource = {
      name: 'spy',
      pair(...args) {
        asked.push(args);
        return trainingClips('procedural', 0).pair(...args);
      },
    };
    prepareBatch(source, 1, { clips: 1, frames: 2, crop: 16, carried: true });
    prepareBatch(source, 2, { clips: 1, frames: 2, crop: 16 });
    expect(asked).to.deep.equal([
      [1, 4, 16, 2],
      [2, 2, 16, 2],
    ]);
  });

  it('hold the LR frames that the source has, and what is enlarged from them', () => {
    const lr = proceduralSource(9).clip(0, 2, 4);
    const source: PairSource = { name: 'own', pair: () => ({ hr: proceduralSource(1).clip(0, 2, 16), lr }) };
    const batch = prepareBatch(source, 0, { clips: 1, frames: 2, crop: 16 });
    expect(batch.lr).to.deep.equal(planes(lr));
    expect(batch.upscaled).to.deep.equal(planes(lr.map((frame) => upscaleBicubic(frame))));
  });

  it('are the same from threads, however many', async () => {
    const data = [
      { source: PROCEDURAL, weight: 1 },
      { source: folder, weight: 2 },
    ];
    const source = trainingClips(data, 5);
    const shapeOf = (step: number): BatchShape => ({ ...shape, carried: step % 2 === 1 });
    for (const threads of [1, 3]) {
      const pool = new BatchPool({ data, seed: 5, cacheBytes: 0 }, shapeOf, threads);
      try {
        for (const step of [4, 5, 6, 7])
          expect(await pool.batch(step)).to.deep.equal(prepareBatch(source, step, shapeOf(step)));
      } finally {
        await pool.close();
      }
    }
  });

  it('that are being made when the pool closes are waited for, and the process goes on', async () => {
    const shapeOf = (): BatchShape => ({ ...shape, clips: 40 });
    const sums: number[] = [];
    for (let i = 0; i < 3; i++) {
      const pool = new BatchPool({ data: folder, seed: 5, cacheBytes: 0 }, shapeOf, 2);
      sums.push((await pool.batch(0)).hr.reduce((a, b) => a + b, 0));
      await pool.close();
    }
    expect(new Set(sums).size).to.equal(1);
  });

  it('with clips too small: an InputError that names the size', async () => {
    const large = { ...shape, crop: 32 };
    const pool = new BatchPool({ data: folder, seed: 0, cacheBytes: 1e6 }, () => large, 1);
    const error: unknown = await pool.batch(0).catch((e: unknown) => e);
    await pool.close();
    expect(error)
      .to.be.instanceOf(InputError)
      .with.property('message')
      .that.matches(/at least 32 x 32/);
  });
});

describe('trainingClips', () => {
  it('mixes sources: each clip is of one of them, as that one gives it', () => {
    const [a, b] = [PROCEDURAL, folder].map((source) => trainingClips(source, 3));
    const mixed = trainingClips(
      [
        { source: PROCEDURAL, weight: 1 },
        { source: folder, weight: 3 },
      ],
      3,
    );
    let fromFolder = 0;
    for (let index = 0; index < 40; index++) {
      const clip = mixed.pair(index, 2, 16);
      const own = b.pair(index, 2, 16);
      const is = clip.hr[0].data.every((v, i) => v === own.hr[0].data[i]);
      expect(clip).to.deep.equal(is ? own : a.pair(index, 2, 16));
      fromFolder += is ? 1 : 0;
    }
    expect(fromFolder).to.be.within(18, 39);
    expect(mixed.name).to.include('1 procedural').and.to.include(`3 ${folder} (videos, 1 to train on)`);
  });

  it('takes LR frames from a folder of their own', () => {
    const [hr, lr] = [join(folder, 'a'), join(folder, 'a-lr')];
    mkdirSync(lr, { recursive: true });
    const small = proceduralSource(9).clip(0, 4, 4);
    small.forEach((frame, i) => writePng(join(lr, `${i}.png`), frame));
    const sum = (images: readonly Image[]): number =>
      images.reduce((s, { data }) => s + data.reduce((t, v) => t + v, 0), 0);
    const clip = trainingClips([{ source: hr, lr, weight: 1 }], 0).pair(0, 4, 16);
    expect(sum(clip.lr)).to.equal(sum(small));
    rmSync(lr, { recursive: true });
  });

  it('refuses test sets', () => {
    const path = join(folder, 'vid4');
    mkdirSync(join(path, 'GT', 'calendar'), { recursive: true });
    writePng(join(path, 'GT', 'calendar', '0.png'), proceduralSource(1).clip(0, 1, 16)[0]);
    expect(() => trainingClips(path, 0)).to.throw(InputError, "expected Vid4 with a split 'train'");
    rmSync(path, { recursive: true });
  });
});

describe('seeds', () => {
  it('of held-out clips lie outside those of every training run', () => {
    for (const seed of [0, 1, 2 ** 32 - 1]) {
      expect(clipSeed(seed)).to.be.below(2 ** 32);
      expect(heldOutSeed(seed)).to.be.at.least(2 ** 32);
    }
    expect(heldOutPair(0, 1, 16).hr).to.not.deep.equal(trainingClips('procedural', 0).pair(0, 1, 16).hr);
    expect(() => clipSeed(2 ** 32)).to.throw(RangeError);
  });

  it('differ by purpose', () => {
    expect(noiseSeed(3)).to.not.equal(initSeed(3));
    expect(choiceSeed(0)).to.be.greaterThan(heldOutSeed(2 ** 32 - 1));
  });

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

import { expect } from 'chai';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError, proceduralSource, readPng, upscaleBicubic, writePng } from '../../src/data/index.js';
import { respaced } from '../../src/diffusion/index.js';
import {
  type CheckedFrames,
  checkFrames,
  precomputed,
  type TrainedModel,
  upscaleFolder,
  type UpscaleOptions,
} from '../../src/train/index.js';
import { fakeModel } from './support/fakeModel.js';

describe('a folder of frames', () => {
  let root: string;
  let input: CheckedFrames;
  const at = (...parts: string[]): string => join(root, ...parts);
  const options: UpscaleOptions = { seed: 1, overwrite: false, weights: '' };
  const frames = proceduralSource(3).clip(0, 14, 4);

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'seeclear-'));
    mkdirSync(at('in'));
    const paths = frames.map((_, i) => at('in', `${i}.png`));
    frames.forEach((frame, i) => writePng(paths[i], frame));
    input = checkFrames(paths);
  });
  afterEach(() => rmSync(root, { recursive: true }));

  /** The pixels in an output folder. */
  const pixels = (out: string): number[][] => frames.map((_, i) => [...readPng(at(out, `${i}.png`)).data]);
  const upscale = (
    model: TrainedModel,
    out: string,
    more: Partial<UpscaleOptions> = {},
  ): Promise<{ written: number; skipped: number }> =>
    upscaleFolder(model, input, at(out), { ...options, ...more });
  /** As far as to `clips` finished clips. */
  const interrupted = async (
    out: string,
    clips: number,
    more: Partial<UpscaleOptions> = {},
  ): Promise<void> => {
    const model = fakeModel(true);
    const onProgress = (): void =>
      model.calls.contexts === clips + 1 ? expect.fail('interrupted') : undefined;
    const end = upscale(model, out, { ...more, onProgress });
    expect(await end.catch((error: unknown) => (error as Error).message)).to.equal('interrupted');
  };
  /** Clips that a run computes. */
  const computed = async (out: string, more: Partial<UpscaleOptions> = {}): Promise<number> => {
    const model = fakeModel(true);
    await upscale(model, out, more);
    return model.calls.contexts;
  };

  describe('SeeClear (lines 1, 4, 45), (clip length): a video, clip by clip', () => {
    it('gives the network five frames at once, and each frame is the result of its own enlarged LR frame', async () => {
      const model = fakeModel(false);
      const clips = new Set<number>();
      const same: TrainedModel = {
        ...model,
        predict: ({ upscaled, frames }) => {
          clips.add(frames);
          return { x0: upscaled, features: [] };
        },
      };
      const result = await upscale(same, 'out');
      expect([result, [...clips]]).to.deep.equal([{ written: 14, skipped: 0 }, [5]]);
      expect(readdirSync(at('out')).length).to.equal(15);
      frames.forEach((frame, i) =>
        expect(readPng(at('out', `${i}.png`)).data, `frame ${i}`).to.deep.equal(
          upscaleBicubic(frame, 4).data,
        ),
      );
    });
  });

  it('gives after an interruption the pixels of a run without, and computes the rest only', async () => {
    for (const overlap of [0, 2, 4]) {
      const [once, twice] = [`once ${overlap}`, `twice ${overlap}`];
      const all = await computed(once, { overlap });
      await interrupted(twice, 2, { overlap });
      // clips that share frames with unfinished ones are computed once more
      const again = { 0: 0, 2: 1, 4: 2 }[overlap] ?? expect.fail();
      expect(await computed(twice, { overlap })).to.equal(all - 2 + again);
      expect(pixels(twice), `overlap ${overlap}`).to.deep.equal(pixels(once));
      expect(await computed(twice, { overlap })).to.equal(0);
    }
  });

  it('keeps no more memories than clips need that are not finished, and none in the end', async () => {
    const kept = (out: string): string[] => {
      const { memory } = JSON.parse(readFileSync(at(out, 'seeclear.json'), 'utf8')) as { memory: object };
      return Object.keys(memory);
    };
    await interrupted('plain', 2);
    expect(kept('plain')).to.deep.equal(['2']);
    await interrupted('shared', 3, { overlap: 2 });
    expect(kept('shared')).to.deep.equal(['2', '3']);
    await computed('plain');
    expect(kept('plain')).to.deep.equal([]);
  });

  it('goes back for a damaged frame to a clip whose memory is known, and for a damaged memory as well', async () => {
    await computed('once');
    await interrupted('twice', 2);
    writeFileSync(at('twice', '6.png'), 'damaged'); // of clip 1: 0 and 1 for it, and 2 from its own memory
    expect(await computed('twice')).to.equal(3);
    expect(pixels('twice')).to.deep.equal(pixels('once'));
    rmSync(at('twice', '3.png')); // of clip 0 alone
    expect(await computed('twice')).to.equal(1);
    expect(pixels('twice')).to.deep.equal(pixels('once'));

    await interrupted('third', 2);
    const manifest = at('third', 'seeclear.json');
    writeFileSync(
      manifest,
      readFileSync(manifest, 'utf8').replace(/"2": "\w/, (text) => `${text.slice(0, -1)}x`),
    );
    expect(await computed('third')).to.equal(3);
    expect(pixels('third')).to.deep.equal(pixels('once'));
  });

  it('goes on where it was without a memory as well, one clip on its own', async () => {
    const model = fakeModel(false);
    await upscale(model, 'out');
    rmSync(at('out', '13.png'));
    const { contexts } = model.calls;
    expect(await upscale(model, 'out')).to.deep.equal({ written: 1, skipped: 13 });
    expect(model.calls.contexts - contexts).to.equal(1);
  });

  it('tells results apart by steps, samples, overlap, pass and enlarged frames', async () => {
    const model = fakeModel(true);
    mkdirSync(at('large'));
    frames.forEach((_, i) => writePng(at('large', `${i}.png`), proceduralSource(5).clip(0, 1, 16)[0]));
    const upscaled = precomputed(at('large'), input.paths, 4, 4);
    await upscale(model, 'out');
    const plain = pixels('out');
    const others: [TrainedModel, Partial<UpscaleOptions>][] = [
      [{ ...model, schedule: respaced(model.schedule, 2) }, {}],
      [model, { samples: 2 }],
      [model, { overlap: 1 }],
      [model, { length: 4 }],
      [model, { upscaled }],
    ];
    for (const [other, more] of others) {
      const refusal = await upscale(other, 'out', more).catch((error: unknown) => error);
      expect(refusal).to.be.instanceOf(InputError);
      expect((refusal as Error).message).to.include('--overwrite');
      await upscale(other, 'other', { ...more, overwrite: true });
      expect(pixels('other')).not.to.deep.equal(plain);
    }
  });

  for (const samples of [1, 3])
    it(`says how far it is with ${samples} samples: frames in the folder, and its share of the work`, async () => {
      const out = `out ${samples}`;
      await interrupted(out, 1, { samples });
      const seen: [number, number][] = [];
      await upscale(fakeModel(true), out, {
        samples,
        onProgress: ({ skipped, finished, work }) => {
          expect(skipped).to.equal(5);
          seen.push([finished, work]);
        },
      });
      expect([seen[0], seen.at(-1)]).to.deep.equal([[5, 0], [14, 1]]); // prettier-ignore
      expect(seen.length).to.equal(1 + 2 * (samples * 4 + 1));
      seen.slice(1).forEach(([finished, work], i) => {
        expect(work).to.be.greaterThan(seen[i][1]);
        expect(finished).to.equal(work < 0.5 ? 5 : work < 1 ? 10 : 14);
      });
    });

  it('of several samples goes on where it was, to the same pixels, with the memory of the first', async () => {
    await upscale(fakeModel(true), 'whole', { samples: 2 });
    await interrupted('out', 1, { samples: 2 });
    expect(await computed('out', { samples: 2 })).to.equal(2);
    expect(pixels('out')).to.deep.equal(pixels('whole'));
    const memoryOf = (out: string): unknown =>
      (JSON.parse(readFileSync(at(out, 'seeclear.json'), 'utf8')) as { memory: unknown }).memory;
    await interrupted('two', 1, { samples: 2 });
    await interrupted('one', 1);
    expect(memoryOf('two')).to.deep.equal(memoryOf('one'));
  });
});

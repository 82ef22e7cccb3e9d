import { expect } from 'chai';
import { type Image, proceduralSource } from '../../src/data/index.js';
import { full, tensor, type Tensor } from '../../src/tensor/index.js';
import { Clips, type TrainedModel, upscaleClip, upscaleVideo } from '../../src/train/index.js';
import { fakeModel } from './support/fakeModel.js';

const video = proceduralSource(4).clip(0, 12, 4);
const m = 5;
const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const nothing = (): undefined => undefined;
const options = { seed: 3 };

/** All frames of a video, clip by clip, with the textures after each clip. */
async function whole(
  model: TrainedModel,
  frames: readonly Image[] = video,
  overlap = 0,
): Promise<{ images: Image[]; textures: (number[] | undefined)[] }> {
  const clips = new Clips(frames.length, Math.min(m, frames.length), overlap);
  const read = (first: number, end: number): Image[] => frames.slice(first, end);
  const images: Image[] = [];
  const textures: (number[] | undefined)[] = [];
  for await (const part of upscaleVideo(model, { clips, read }, upTo(clips.count), nothing, options)) {
    images.push(...part.finished.map(([, image]) => image));
    textures.push(part.textures && [...(await part.textures.read())]);
  }
  return { images, textures };
}

describe('SeeClear (lines 4, 7, 43–45): a video, clip by clip', () => {
  it('is the same clips one by one, with the memory handed on, bit by bit', async () => {
    const model = fakeModel(true);
    const { images, textures } = await whole(model);
    let memory: Tensor | undefined;
    for (const [clip, first] of [0, 5, 10].entries()) {
      const frames = video.slice(first, first + m);
      const alone = await upscaleClip(model, frames, first, m, {
        ...options,
        ...(memory && { textures: memory }),
      });
      expect(alone.images, `clip ${clip}`).to.deep.equal(images.slice(first, first + m));
      memory = alone.textures;
      expect([...((await memory?.read()) ?? [])], `memory after clip ${clip}`).to.deep.equal(textures[clip]);
    }
    const forgetful = await upscaleClip(model, video.slice(5, 10), 5, m, options);
    expect(forgetful.images).not.to.deep.equal(images.slice(5, 10));
  });

  it('begins every video with the memory as learned', async () => {
    const model = fakeModel(true);
    const first = await whole(model);
    expect(await whole(model)).to.deep.equal(first);
  });

  it('hands on the memory and nothing else: another clip before changes the next ones', async () => {
    const other = [...proceduralSource(9).clip(0, 5, 4), ...video.slice(5)];
    const after = async (category: boolean, frames: readonly Image[]): Promise<Image[]> =>
      (await whole(fakeModel(category), frames)).images.slice(5);
    expect(await after(true, other)).not.to.deep.equal(await after(true, video));
    expect(await after(false, other)).to.deep.equal(await after(false, video));
  });

  it('asks for semantics once a clip, and for the memory once, from the features of t = 1', async () => {
    const model = fakeModel(true);
    await whole(model);
    expect([model.calls.contexts, model.calls.memories]).to.deep.equal([3, 3]);
    expect(model.calls.predictions).to.deep.equal(upTo(3).flatMap(() => [4, 3, 2, 1].map((t) => [t, m])));
    const remembered: number[] = [];
    const inner = fakeModel(true);
    const spy: TrainedModel = {
      ...inner,
      predict: (input) => ({ ...inner.predict(input), features: [full(inner.backend, [1], input.t[0])] }),
      remember(memory, [step], frames) {
        void step.item().then((t) => remembered.push(t, frames));
        return memory;
      },
    };
    await upscaleClip(spy, video.slice(0, 2), 0, 2, options);
    expect(remembered).to.deep.equal([1, 2]);
  });

  it('repeats the last frame of a clip that is too short, and drops the repeats', async () => {
    const { images } = await whole(fakeModel(true));
    expect(images.length).to.equal(12);
    const [a, b] = [video[10], video[11]];
    const padded = await whole(fakeModel(true), [...video.slice(0, 10), a, b, b, b, b]);
    expect(images).to.deep.equal(padded.images.slice(0, 12));
  });

  it('takes a video that is shorter than a clip as it is', async () => {
    const model = fakeModel(true);
    const { images } = await whole(model, video.slice(0, 3));
    expect(images.length).to.equal(3);
    expect(model.calls.predictions.map(([, frames]) => frames)).to.deep.equal([3, 3, 3, 3]);
  });

  it('holds as much after each clip as after the first, and nothing in the end, or after an error', async () => {
    for (const overlap of [0, 2]) {
      const model = fakeModel(true);
      const before = model.backend.memory();
      const clips = new Clips(12, m, overlap);
      const read = (first: number, end: number): Image[] => video.slice(first, end);
      const held: object[] = [];
      const stopped: number[] = [];
      for await (const { clip } of upscaleVideo(model, { clips, read }, upTo(clips.count), nothing, options))
        held[clip] = model.backend.memory();
      expect(held).to.deep.equal(held.map(() => held[0]));
      expect(held.length).to.equal(clips.count).and.to.be.greaterThan(2);
      expect(model.backend.memory()).to.deep.equal(before);
      let steps = 0;
      const onStep = (): void => (++steps === 6 ? expect.fail('stopped') : undefined);
      const run = async (): Promise<void> => {
        for await (const { clip } of upscaleVideo(model, { clips, read }, [0, 1], nothing, {
          ...options,
          onStep,
        }))
          stopped.push(clip);
      };
      expect(await run().catch((error: unknown) => (error as Error).message)).to.equal('stopped');
      expect(stopped).to.deep.equal([0]);
      expect(model.backend.memory()).to.deep.equal(before);
    }
  });

  it('cross-fades frames that clips share', async () => {
    const model = fakeModel(false);
    const { images } = await whole(model, video.slice(0, 8), 2); // 0 – 4, 3 – 7
    const [a, b] = await Promise.all(
      [0, 3].map(async (first) => {
        const { images } = await upscaleClip(model, video.slice(first, first + m), first, m, options);
        return images;
      }),
    );
    expect(images.slice(0, 3)).to.deep.equal(a.slice(0, 3));
    expect(images.slice(5)).to.deep.equal(b.slice(2));
    expect(a[3]).not.to.deep.equal(b[0]);
    for (const [i, share] of [1 / 3, 2 / 3].entries())
      images[3 + i].data.forEach((v, j) =>
        expect(v).to.be.closeTo((1 - share) * a[3 + i].data[j] + share * b[i].data[j], 0.5 + 1e-9),
      );
  });

  it('starts from the frames that an enlarger gives it (line 1)', async () => {
    const model = fakeModel(false);
    const asked: [number, number][] = [];
    const large = proceduralSource(8).clip(0, 12, 16);
    const enlarge = (frames: readonly Image[], first: number): Image[] => {
      asked.push([first, frames.length]);
      return large.slice(first, first + frames.length);
    };
    const clips = new Clips(12, m, 0);
    const read = (first: number, end: number): Image[] => video.slice(first, end);
    const same: TrainedModel = { ...model, predict: ({ upscaled }) => ({ x0: upscaled, features: [] }) };
    const images: Image[] = [];
    for await (const { finished } of upscaleVideo(same, { clips, read }, upTo(3), nothing, {
      ...options,
      enlarge,
    }))
      images.push(...finished.map(([, image]) => image));
    expect(images).to.deep.equal(large);
    expect(asked).to.deep.equal([[0, 5], [5, 5], [10, 2]]); // prettier-ignore
  });
});

describe('upscaleVideo', () => {
  it('asks for the memory of an earlier run where the clip before is not computed', async () => {
    const model = fakeModel(true);
    const { images, textures } = await whole(model);
    const clips = new Clips(12, m, 0);
    const read = (first: number, end: number): Image[] => video.slice(first, end);
    const before = model.backend.memory().tensors;
    const asked: number[] = [];
    const recall = (clip: number): Tensor => {
      asked.push(clip);
      return tensor(model.backend, [1, 1, 1], textures[clip - 1] ?? expect.fail(`clip ${clip}`));
    };
    const rest: Image[] = [];
    for await (const { finished } of upscaleVideo(model, { clips, read }, [1, 2], recall, options))
      rest.push(...finished.map(([, image]) => image));
    expect(rest).to.deep.equal(images.slice(5));
    expect(asked).to.deep.equal([1]);
    expect(model.backend.memory().tensors).to.equal(before);
  });
});

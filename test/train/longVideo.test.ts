/** Long videos through the whole network: preset `tiny`, every component, no parameter zero. */
import { expect } from 'chai';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Image, listFrames, proceduralSource, readClip, writePng } from '../../src/data/index.js';
import { respaced } from '../../src/diffusion/index.js';
import { GpuBackend } from '../../src/kernels/runtime/gpuBackend.js';
import { type Backend, free, type MemoryStats, type Tensor } from '../../src/tensor/index.js';
import { perturbed } from '../../src/trace/index.js';
import {
  checkFrames,
  Clips,
  makeModel,
  modelSpec,
  type TrainedModel,
  upscaleClip,
  upscaleFolder,
  upscaleVideo,
  withParams,
} from '../../src/train/index.js';
import { onGpu } from '../support/gpu.js';

const m = 5;
const video = proceduralSource(4).clip(0, 18, 8);
const other = [...proceduralSource(5).clip(0, 5, 8), ...video.slice(5)];
const options = { seed: 3 };
const read =
  (frames: readonly Image[]) =>
  (first: number, end: number): Image[] =>
    frames.slice(first, end);

/** Samples in two of its four steps. LR frames of 8 × 8 are legal, though no multiple of the preset’s 32. */
function whole(backend: Backend, overrides: readonly string[] = []): TrainedModel {
  const model = makeModel(modelSpec('tiny', ['diffusion.T=4', ...overrides]));
  const params = model.draw(backend, 1);
  const trained = withParams(model, backend, perturbed(params, 1));
  return { ...trained, multiple: 8, schedule: respaced(trained.schedule, 2) };
}

async function sampled(
  model: TrainedModel,
  frames: readonly Image[],
): Promise<{ images: Image[]; held: MemoryStats[] }> {
  const clips = new Clips(frames.length, m, 0);
  const plan = Array.from({ length: clips.count }, (_, clip) => clip);
  const images: Image[] = [];
  const held: MemoryStats[] = [];
  const parts = upscaleVideo(model, { clips, read: read(frames) }, plan, () => undefined, options);
  for await (const { finished } of parts) {
    images.push(...finished.map(([, image]) => image));
    held.push(model.backend.memory());
  }
  return { images, held };
}

describe('a long video through the whole network', () => {
  it(
    'takes as much memory after every clip, and is its clips one by one with the memory handed on',
    onGpu(async (opened) => {
      const model = whole(new GpuBackend(opened));
      const { images, held } = await sampled(model, video);
      expect(images.length).to.equal(18);
      expect(held.slice(1)).to.deep.equal(held.slice(1).map(() => held[1]));
      expect(held.length).to.equal(4);
      expect(held[1].tensors).to.equal(held[0].tensors);
      let textures: Tensor | undefined;
      for (const first of [0, 5, 10, 15]) {
        const frames = video.slice(first, first + m);
        const before = textures;
        const clip = await upscaleClip(model, frames, first, m, {
          ...options,
          ...(before && { textures: before }),
        });
        free({ before });
        textures = clip.textures;
        expect(clip.images, `frames from ${first}`).to.deep.equal(images.slice(first, first + m));
      }
      expect(textures?.shape).to.deep.equal(model.memory()?.textures.shape);
      free({ textures });
    }),
  );

  it(
    'hands on what CaTeGory remembers, and without it nothing',
    onGpu(async (opened) => {
      const after = async (frames: readonly Image[], overrides: readonly string[]): Promise<Image[]> => {
        const { images } = await sampled(whole(new GpuBackend(opened), overrides), frames.slice(0, 10));
        return images.slice(5);
      };
      expect(await after(other, [])).not.to.deep.equal(await after(video, []));
      const without = ['components.category=false'];
      expect(await after(other, without)).to.deep.equal(await after(video, without));
    }),
  );

  it(
    'lets the frames of a clip see each other',
    onGpu(async (opened) => {
      const model = whole(new GpuBackend(opened), ['components.category=false']);
      const changed = [...video.slice(0, 4), other[0]];
      const [a, b] = [await sampled(model, video.slice(0, 5)), await sampled(model, changed)];
      expect(a.images[0]).not.to.deep.equal(b.images[0]);
    }),
  );

  it(
    'gives the same pixels when it is interrupted after the first of three clips and goes on',
    onGpu(async (opened) => {
      const root = mkdtempSync(join(tmpdir(), 'seeclear-'));
      try {
        const at = (...parts: string[]): string => join(root, ...parts);
        mkdirSync(at('in'));
        video.slice(0, 13).forEach((frame, i) => writePng(at('in', `${i}.png`), frame));
        const frames = checkFrames(listFrames(at('in')));
        const run = (out: string, stopAt = Infinity): Promise<{ written: number }> =>
          upscaleFolder(whole(new GpuBackend(opened)), frames, at(out), {
            ...options,
            overwrite: false,
            weights: '',
            onProgress: ({ finished }) => (finished >= stopAt ? expect.fail('interrupted') : undefined),
          });
        const pixels = (out: string): Image[] => readClip(listFrames(at(out)));
        await run('once');
        await run('twice', 5).catch(() => undefined);
        expect(pixels('twice').length).to.equal(5);
        expect((await run('twice')).written).to.equal(8);
        expect(pixels('twice')).to.deep.equal(pixels('once'));
      } finally {
        rmSync(root, { recursive: true });
      }
    }),
  );
});

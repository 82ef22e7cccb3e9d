/** The whole way from LR frames to HR frames, one clip at a time. */
import { fromPlanar, type Image } from '../data/index.js';
import { type Denoiser, type MeanOptions, sampleMean } from '../diffusion/index.js';
import { free, scope, tensor, type Tensor, type Values } from '../tensor/index.js';
import { planes } from './batch.js';
import { bicubic, type Enlarger } from './enlarger.js';
import { crop, padToMultiple } from './pad.js';
import { SCALE } from './scale.js';
import type { TrainedModel } from './trainedModel.js';

/** The result cannot be a picture: the weights or the device are at fault. */
export class OutputError extends Error {
  override readonly name = 'OutputError';
}

export interface ClipOptions extends MeanOptions {
  /** `bicubic` if left out. */
  readonly enlarge?: Enlarger;
  /** T as the clip before left it, [1, q, e]; as learned if left out, as is right for the first clip of a video. */
  readonly textures?: Tensor;
}

/** HR frames of a clip, and what it leaves for the next one. */
export interface UpscaledClip {
  readonly images: Image[];
  /** T after the clip [1, q, e], which the caller frees; C is as learned. `undefined` for a network without memory. */
  readonly textures: Tensor | undefined;
}

/**
 * Upscales consecutive frames of one video, as one clip: enlarged, both mirrored to what the network needs, sampled,
 * cropped, rounded to bytes. What the network takes from the clip and the memory is computed once, before the steps;
 * the memory is updated once, from the features of the last step. Of several samples the mean is taken before it is
 * rounded, and the memory is that of the first.
 *
 * Noise is addressed by frame, so the result depends on the frames, `first`, the memory and the seed only.
 *
 * @param frames LR, of one size
 * @param first index of the first of them in the video
 * @param length frames that the network is given at once; the last frame is repeated up to it
 * @returns as many frames, four times as large
 * @throws OutputError if the result is not finite, or of one colour where the input is not
 */
export async function upscaleClip(
  model: TrainedModel,
  frames: readonly Image[],
  first: number,
  length: number,
  { enlarge = bicubic, textures, ...options }: ClipOptions,
): Promise<UpscaledClip> {
  const { backend, schedule, multiple } = model;
  const { observe } = options;
  const whole = <T>(of: readonly T[]): T[] =>
    Array.from({ length }, (_, i) => of[Math.min(i, of.length - 1)]);
  const padded = whole(frames.map((frame) => padToMultiple(frame, multiple)));
  // Algorithm 1, line 1
  const enlarged = whole(enlarge(frames, first).map((frame) => padToMultiple(frame, multiple * SCALE)));
  const [{ width, height }] = padded;
  const learned = model.memory();
  const memory = learned && { ...learned, ...(textures && { textures }) };
  const clip = scope(backend, () => {
    const lr = tensor(backend, [length, 3, height, width], planes(padded));
    const upscaled = tensor(backend, [length, 3, height * SCALE, width * SCALE], planes(enlarged));
    observe?.(1, 'Ibar_LR', upscaled);
    const context = model.context(lr, length, memory, observe); // lines 7, 24, 26, 34
    return { lr, upscaled, ...(context && { context }) };
  });
  let features: readonly Tensor[] = [];
  const denoiser: Denoiser = (state, t) => {
    const steps = new Array<number>(length).fill(t);
    const predicted = model.predict({ ...clip, state, t: steps, frames: length }, observe);
    features = predicted.features;
    return predicted.x0;
  };
  // line 43: the sampler calls it at the last step
  const carry = (): { textures: Tensor | undefined } => {
    const after = memory && model.remember(memory, features, length).textures; // line 44
    if (after) observe?.(44, 'T', after);
    return { textures: after };
  };
  const indices = padded.map((_, i) => first + i);
  try {
    const { x0, carried } = await sampleMean(denoiser, clip.upscaled, indices, schedule, options, carry);
    try {
      const images = pictures(x0, frames, first, padded[0]);
      return { images, textures: carried?.textures };
    } catch (error) {
      free({ carried });
      throw error;
    }
  } finally {
    free(clip);
  }
}

/** The results of the frames as pictures, without what was repeated or mirrored. */
function pictures(
  values: Values,
  frames: readonly Image[],
  first: number,
  { width, height }: Image,
): Image[] {
  const size = 3 * width * SCALE * height * SCALE;
  return frames.map((frame, i) => {
    const picture = values.subarray(i * size, (i + 1) * size);
    checkPicture(picture, frame, first + i);
    const whole = fromPlanar(picture, width * SCALE, height * SCALE);
    return crop(whole, frame.width * SCALE, frame.height * SCALE); // line 45
  });
}

function checkPicture(values: ArrayLike<number>, input: Image, index: number): void {
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i]))
      throw new OutputError(`frame ${index}: expected finite values, got ${values[i]}; try another --device`);
    low = Math.min(low, values[i]);
    high = Math.max(high, values[i]);
  }
  if (low === high && input.data.some((v) => v !== input.data[0]))
    throw new OutputError(`frame ${index}: expected a picture, got ${low} everywhere; try another --device`);
}

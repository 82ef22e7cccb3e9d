/** The whole way from LR frames to HR frames, a few frames at a time. */
import { fromPlanar, type Image, upscaleBicubic } from '../data/index.js';
import { type Denoiser, sampleClip, type SamplerOptions } from '../diffusion/index.js';
import { free, tensor } from '../tensor/index.js';
import { planes } from './batch.js';
import { crop, padToMultiple } from './pad.js';
import { SCALE } from './scale.js';
import type { TrainedModel } from './trainedModel.js';

/** The result cannot be a picture: the weights or the device are at fault. */
export class OutputError extends Error {
  override readonly name = 'OutputError';
}

/**
 * Upscales consecutive frames of one video, as one clip: enlarged by bicubic, both mirrored to what the
 * network needs, sampled, cropped, rounded to bytes.
 *
 * Noise is addressed by frame, so each result depends on the clip, on `first` and on the seed only.
 *
 * @param frames LR, of one size
 * @param first index of the first of them in the video
 * @param length frames that the network is given at once; the last frame is repeated up to it
 * @returns as many frames, four times as large
 * @throws OutputError if the result is not finite, or of one colour where the input is not
 */
export async function upscaleClip(
  { backend, schedule, multiple, predict }: TrainedModel,
  frames: readonly Image[],
  first: number,
  length: number,
  options: SamplerOptions,
): Promise<Image[]> {
  const full = Array.from({ length }, (_, i) => frames[Math.min(i, frames.length - 1)]);
  const padded = full.map((frame) => padToMultiple(frame, multiple));
  // Algorithm 1, line 1
  const enlarged = full.map((frame) => padToMultiple(upscaleBicubic(frame, SCALE), multiple * SCALE));
  const [{ width, height }] = padded;
  const lr = tensor(backend, [length, 3, height, width], planes(padded));
  const upscaled = tensor(backend, [length, 3, height * SCALE, width * SCALE], planes(enlarged));
  const denoiser: Denoiser = (state, t) =>
    predict({ state, lr, upscaled, t: new Array<number>(length).fill(t) }, options.observe);
  const indices = full.map((_, i) => first + i);
  options.observe?.(1, 'Ibar_LR', upscaled);
  try {
    const result = await sampleClip(denoiser, upscaled, indices, schedule, options);
    options.observe?.(45, 'I_SR', result);
    const values = await result.read().finally(() => free({ result }));
    const size = values.length / length;
    return frames.map((frame, i) => {
      const picture = values.subarray(i * size, (i + 1) * size);
      checkPicture(picture, frame, first + i);
      const whole = fromPlanar(picture, width * SCALE, height * SCALE);
      return crop(whole, frame.width * SCALE, frame.height * SCALE); // line 45
    });
  } finally {
    free({ lr, upscaled });
  }
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

import { DeviceError } from '../tensor/index.js';
import { CLIP_FRAMES } from './scale.js';
import type { TrainedModel } from './trainedModel.js';

/**
 * How many frames of a video to give the network at once: a clip, or as many of it as the video has or the device
 * can hold. Each frame's result is the same either way, as this network looks at each frame by itself.
 *
 * @param frames of the video
 * @param width of its LR frames in pixels
 * @throws DeviceError if not even one frame fits
 */
export function framesPerPass(
  { backend, multiple, largestTensor }: TrainedModel,
  frames: number,
  width: number,
  height: number,
): number {
  const padded = (size: number): number => Math.ceil(size / multiple) * multiple;
  const bytes = 4 * largestTensor(padded(height), padded(width));
  const fit = Math.floor(backend.largestTensor / bytes);
  if (fit === 0)
    throw new DeviceError(
      `LR frames of ${width} x ${height} need tensors of ${mib(bytes)} MiB, and ${backend.description} allows ${mib(backend.largestTensor)} MiB; use smaller frames or another --device`,
    );
  return Math.min(CLIP_FRAMES, frames, fit);
}

const mib = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);

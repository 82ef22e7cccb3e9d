import { DeviceError } from '../tensor/index.js';
import type { TrainedModel } from './trainedModel.js';

/**
 * How many frames of a video to give the network at once: a clip of m, as the network was made for, the whole video if
 * that is shorter, or as many as the device can hold.
 *
 * Results depend on it: the frames of a pass see each other, in multi-frame attention and in the tokens of the clip,
 * and the memory is updated after each pass. Only a network without these gives the same frames either way.
 *
 * @param frames of the video
 * @param width of its LR frames in pixels
 * @param wanted the number to take in place of m, whatever the device can hold
 * @throws DeviceError if none is wanted, and not even one frame fits
 */
export function framesPerPass(
  model: TrainedModel,
  frames: number,
  width: number,
  height: number,
  wanted?: number,
): number {
  return Math.min(frames, wanted ?? Math.min(model.frames, fitting(model, width, height)));
}

function fitting({ backend, multiple, largestTensor }: TrainedModel, width: number, height: number): number {
  const padded = (size: number): number => Math.ceil(size / multiple) * multiple;
  const bytes = 4 * largestTensor(padded(height), padded(width));
  const fit = Math.floor(backend.largestTensor / bytes);
  if (fit === 0)
    throw new DeviceError(
      `LR frames of ${width} x ${height} need tensors of ${mib(bytes)} MiB, and ${backend.description} allows ${mib(backend.largestTensor)} MiB; use smaller frames or another --device`,
    );
  return fit;
}

const mib = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);

import { type Image, InputError } from '../data/index.js';
import type { Channel } from './luma.js';
import { psnr } from './psnr.js';
import { ssim } from './ssim.js';

/** PSNR in dB and SSIM of one frame, or their means over a clip. */
export interface Quality {
  readonly psnr: number;
  readonly ssim: number;
}

/** The quality of a clip: means over its frames, and the frames one by one. */
export interface ClipQuality extends Quality {
  readonly perFrame: readonly Quality[];
}

/**
 * Compares two clips frame by frame. The mean PSNR is the mean of the frames' decibels (not of their
 * errors), so one identical frame makes it Infinity.
 *
 * @throws InputError if the clips differ in length or size, are empty, or are smaller than 11 x 11
 */
export function clipQuality(
  result: readonly Image[],
  truth: readonly Image[],
  channel: Channel,
): ClipQuality {
  if (result.length !== truth.length || truth.length === 0)
    throw new InputError(
      `quality: expected two clips of one length, at least 1, got ${result.length} and ${truth.length} frames; compare the same frames`,
    );
  const perFrame = result.map((frame, i) => ({
    psnr: psnr(frame, truth[i], channel),
    ssim: ssim(frame, truth[i], channel),
  }));
  const mean = (of: keyof Quality): number => perFrame.reduce((sum, q) => sum + q[of], 0) / perFrame.length;
  return { psnr: mean('psnr'), ssim: mean('ssim'), perFrame };
}

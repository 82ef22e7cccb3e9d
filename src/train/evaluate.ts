import { degrade, type Image, upscaleBicubic } from '../data/index.js';
import type { SamplerOptions } from '../diffusion/index.js';
import { clipQuality, type Quality } from '../metrics/index.js';
import { framesPerPass } from './framesPerPass.js';
import { crop } from './pad.js';
import { SCALE } from './scale.js';
import type { TrainedModel } from './trainedModel.js';
import { upscaleClip } from './upscaler.js';

/** HR frames of one video and the LR frames that belong to them. */
export interface Pair {
  readonly name: string;
  readonly hr: readonly Image[];
  readonly lr: readonly Image[];
}

/** On luma and on RGB. */
export interface Qualities {
  readonly y: Quality;
  readonly rgb: Quality;
}

/** One row of the table. */
export interface Comparison {
  readonly name: string;
  readonly frames: number;
  readonly ours: Qualities;
  readonly bicubic: Qualities;
}

/** HR frames and what BI degradation makes of them, cut to multiples of 4. */
export function degraded(name: string, frames: readonly Image[]): Pair {
  const lr = frames.map((frame) => degrade(frame, SCALE));
  return { name, hr: frames.map((frame, i) => crop(frame, lr[i].width * SCALE, lr[i].height * SCALE)), lr };
}

/** PSNR and SSIM of a result. */
export function qualities(result: readonly Image[], truth: readonly Image[]): Qualities {
  const of = (channel: 'y' | 'rgb'): Quality => {
    const { psnr, ssim } = clipQuality(result, truth, channel);
    return { psnr, ssim };
  };
  return { y: of('y'), rgb: of('rgb') };
}

/** The baseline: each frame enlarged on its own. */
export const bicubicClip = (lr: readonly Image[]): Image[] => lr.map((frame) => upscaleBicubic(frame, SCALE));

/**
 * Upscales one video and compares it, and bicubic, with the truth.
 *
 * @param wanted frames that the network is given at once; as many as fit, up to a clip, if left out
 */
export async function compare(
  model: TrainedModel,
  { name, hr, lr }: Pair,
  options: SamplerOptions,
  wanted?: number,
): Promise<Comparison> {
  const length = wanted ?? framesPerPass(model, lr.length, lr[0].width, lr[0].height);
  const ours: Image[] = [];
  for (let first = 0; first < lr.length; first += length)
    ours.push(...(await upscaleClip(model, lr.slice(first, first + length), first, length, options)));
  return {
    name,
    frames: hr.length,
    ours: qualities(ours, hr),
    bicubic: qualities(bicubicClip(lr), hr),
  };
}

/** The mean of several rows, every video counting once. */
export function meanOf(rows: readonly Comparison[]): Comparison {
  const mean = (of: (row: Comparison) => number): number =>
    rows.reduce((s, row) => s + of(row), 0) / rows.length;
  const quality = (who: 'ours' | 'bicubic', channel: 'y' | 'rgb'): Quality => ({
    psnr: mean((row) => row[who][channel].psnr),
    ssim: mean((row) => row[who][channel].ssim),
  });
  const both = (who: 'ours' | 'bicubic'): Qualities => ({ y: quality(who, 'y'), rgb: quality(who, 'rgb') });
  return {
    name: 'mean',
    frames: rows.reduce((s, r) => s + r.frames, 0),
    ours: both('ours'),
    bicubic: both('bicubic'),
  };
}

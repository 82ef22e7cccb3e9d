import { degrade, type Image } from '../data/index.js';
import type { MeanOptions } from '../diffusion/index.js';
import { clipQuality, type Quality, temporalDifference } from '../metrics/index.js';
import { Clips } from './clips.js';
import { bicubic, type Enlarger } from './enlarger.js';
import { framesPerPass } from './framesPerPass.js';
import { crop } from './pad.js';
import { SCALE } from './scale.js';
import type { TrainedModel } from './trainedModel.js';
import { upscaleVideo } from './upscaleVideo.js';

/** HR frames of one video and the LR frames that belong to them. */
export interface Pair {
  readonly name: string;
  readonly hr: readonly Image[];
  readonly lr: readonly Image[];
}

/** Of the frames, on luma and on RGB, and of what changes between them. */
export interface Qualities {
  readonly y: Quality;
  readonly rgb: Quality;
  /** Temporal difference error on luma; `undefined` for a single frame. */
  readonly tdE: number | undefined;
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

/** PSNR, SSIM and tdE of a result. */
export function qualities(result: readonly Image[], truth: readonly Image[]): Qualities {
  const of = (channel: 'y' | 'rgb'): Quality => {
    const { psnr, ssim } = clipQuality(result, truth, channel);
    return { psnr, ssim };
  };
  const tdE = truth.length > 1 ? temporalDifference(result, truth) : undefined;
  return { y: of('y'), rgb: of('rgb'), tdE };
}

export interface CompareOptions extends MeanOptions {
  /** As in `UpscaleOptions`. */
  readonly length?: number;
  readonly overlap?: number;
  readonly enlarge?: Enlarger;
}

/** Upscales one video and compares it, and bicubic, with the truth. */
export const compare = async (
  model: TrainedModel,
  pair: Pair,
  options: CompareOptions,
): Promise<Comparison> => comparison(pair, await upscalePair(model, pair, options));

/** The LR frames of a video, upscaled from clip to clip as `upscaleFolder` does. */
export async function upscalePair(
  model: TrainedModel,
  { lr }: Pair,
  { length: wanted, overlap = 0, ...options }: CompareOptions,
): Promise<Image[]> {
  const length = framesPerPass(model, lr.length, lr[0].width, lr[0].height, wanted);
  const clips = new Clips(lr.length, length, overlap);
  const video = { clips, read: (first: number, end: number): Image[] => lr.slice(first, end) };
  const all = Array.from({ length: clips.count }, (_, clip) => clip);
  const ours: Image[] = [];
  for await (const { finished } of upscaleVideo(model, video, all, () => undefined, options))
    ours.push(...finished.map(([, image]) => image));
  return ours;
}

/** Upscaled frames of a video, and what bicubic makes of it, compared with the truth. */
export const comparison = ({ name, hr, lr }: Pair, ours: readonly Image[]): Comparison => ({
  name,
  frames: hr.length,
  ours: qualities(ours, hr),
  bicubic: qualities(bicubic(lr, 0), hr),
});

/** The mean of several rows, every video counting once; of tdE every video that has one. */
export function meanOf(rows: readonly Comparison[]): Comparison {
  const meanBy = (of: (row: Comparison) => number): number => mean(rows.map(of));
  const quality = (who: 'ours' | 'bicubic', channel: 'y' | 'rgb'): Quality => ({
    psnr: meanBy((row) => row[who][channel].psnr),
    ssim: meanBy((row) => row[who][channel].ssim),
  });
  const both = (who: 'ours' | 'bicubic'): Qualities => {
    const moving = rows.map((row) => row[who].tdE).filter((tdE) => tdE !== undefined);
    return {
      y: quality(who, 'y'),
      rgb: quality(who, 'rgb'),
      tdE: moving.length > 0 ? mean(moving) : undefined,
    };
  };
  return {
    name: 'mean',
    frames: rows.reduce((s, r) => s + r.frames, 0),
    ours: both('ours'),
    bicubic: both('bicubic'),
  };
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

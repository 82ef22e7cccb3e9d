import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Image, writePng } from '../data/index.js';
import { respaced } from '../diffusion/index.js';
import type { Backend } from '../tensor/index.js';
import { writeFileAtomic } from './atomicFile.js';
import { saveAverage } from './checkpoint.js';
import { bicubic } from './enlarger.js';
import { comparison, meanOf, type Pair, type Qualities, upscalePair } from './evaluate.js';
import { type Model, withParams } from './model.js';
import { crop } from './pad.js';
import { readRecords } from './records.js';
import { SCALE } from './scale.js';
import { enlargeNearest, sideBySide } from './sideBySide.js';
import { stepsOf } from './stages.js';
import type { TrainConfig } from './trainConfig.js';
import { averaged, type TrainState } from './trainState.js';
import { type ValidationClips, validationClips } from './validationClips.js';

/** What a run is validated on, how often, and how it samples. */
export interface ValidationConfig extends ValidationClips {
  /** Steps of training between validations; the last step always has one. */
  readonly every: number;
  /** Steps to sample in, spread evenly over those of the diffusion. */
  readonly samplingSteps: number;
}

/** Means over the clips, on luma. */
export interface Scores {
  /** in dB */
  readonly psnr: number;
  readonly ssim: number;
  /** Temporal difference error; none for single frames. */
  readonly tdE?: number;
}

/** One line of validation.jsonl. All but `seconds` follows from the run's settings. */
export interface ValidationRecord {
  /** steps taken */
  readonly step: number;
  /** of the average of the weights */
  readonly ours: Scores;
  readonly bicubic: Scores;
  /** Whether no PSNR before was as high: the weights were kept as best.safetensors. */
  readonly best: boolean;
  /** How that was measured; the noise has the seed of the run. */
  readonly by: ValidationConfig;
  readonly seconds: number;
}

export const validationFile = (folder: string): string => join(folder, 'validation.jsonl');
export const bestFile = (folder: string): string => join(folder, 'best.safetensors');

/** The picture of a validation: LR, bicubic, ours, HR. */
export const sampleFile = (folder: string, step: number): string =>
  join(folder, 'samples', `${String(step).padStart(8, '0')}.png`);

/** Largest side of a picture in it. */
const SAMPLE = 160;

/** What validations of a run need. */
export interface ValidationParts {
  readonly backend: Backend;
  readonly model: Model;
  readonly config: TrainConfig;
  readonly folder: string;
  /** Store the best weights in 16 bits. */
  readonly half: boolean;
}

/**
 * Measures, from time to time, the average of the weights on clips that training does not see. It draws nothing from
 * the streams of training and keeps nothing on the device, so a run with it has the bits of one without, and one that
 * was resumed has the same validations.
 */
export class Validation {
  private constructor(
    private readonly parts: ValidationParts,
    private readonly by: ValidationConfig,
    private readonly pairs: readonly Pair[],
    private records: readonly ValidationRecord[],
  ) {}

  /**
   * Prepares the validations that a run asks for. Those after `step` that are in the folder, from a run that was killed
   * later than its checkpoint, will be made again.
   *
   * @param step that the run goes on after
   * @returns undefined if it asks for none
   * @throws InputError if the clips cannot be read
   */
  static of(parts: ValidationParts, step: number): Validation | undefined {
    const by = parts.config.validation;
    if (!by) return undefined;
    const earlier = readRecords<ValidationRecord>(validationFile(parts.folder));
    return new Validation(
      parts,
      by,
      validationClips(by),
      earlier.filter((record) => record.step <= step),
    );
  }

  /** Validates if the step is one of those, and keeps picture, record, and weights if they are the best so far. */
  async after(state: TrainState): Promise<ValidationRecord | undefined> {
    const { folder, config } = this.parts;
    const { step } = state;
    if (step % this.by.every !== 0 && step !== stepsOf(config.stages)) return undefined;
    const start = performance.now();
    const upscaled = await this.upscaled(state);
    const { ours, bicubic } = meanOf(this.pairs.map((pair, i) => comparison(pair, upscaled[i])));
    const best = this.records.every((record) => record.ours.psnr < ours.y.psnr);
    if (best) await this.keep(state, ours.y.psnr);
    writeSample(sampleFile(folder, step), this.pairs[0], upscaled[0]);
    const seconds = (performance.now() - start) / 1000;
    const record = { step, ours: scores(ours), bicubic: scores(bicubic), best, by: this.by, seconds };
    this.records = [...this.records, record];
    const lines = this.records.map((r) => `${JSON.stringify(r)}\n`).join('');
    writeFileAtomic(validationFile(folder), new TextEncoder().encode(lines)); // last: it vouches for the others
    return record;
  }

  private async upscaled(state: TrainState): Promise<Image[][]> {
    const { backend, model, config } = this.parts;
    const averages = withParams(model, backend, averaged(state));
    const network = { ...averages, schedule: respaced(averages.schedule, this.by.samplingSteps) };
    const results: Image[][] = [];
    for (const pair of this.pairs) results.push(await upscalePair(network, pair, { seed: config.seed }));
    return results;
  }

  private async keep(state: TrainState, psnr: number): Promise<void> {
    const { backend, config, folder, half } = this.parts;
    await saveAverage(bestFile(folder), { backend, config, half, psnr: String(psnr) }, state);
  }
}

const scores = ({ y: { psnr, ssim }, tdE }: Qualities): Scores => ({
  psnr,
  ssim,
  ...(tdE !== undefined && { tdE }),
});

/** The middle of the frame in the middle. */
function writeSample(path: string, { hr, lr }: Pair, ours: readonly Image[]): void {
  const i = Math.floor(hr.length / 2);
  const [{ width: w, height: h }] = hr;
  const [width, height] = [Math.min(w, SAMPLE), Math.min(h, SAMPLE)];
  const middle = (image: Image): Image =>
    crop(image, width, height, Math.floor((w - width) / 2), Math.floor((h - height) / 2));
  mkdirSync(dirname(path), { recursive: true });
  writePng(
    path,
    sideBySide([enlargeNearest(lr[i], SCALE), bicubic([lr[i]], 0)[0], ours[i], hr[i]].map(middle)),
  );
}

import { type Image, upscaleBicubic } from '../data/index.js';
import { SCALE } from './scale.js';

/**
 * What makes Ī^LR (Algorithm 1, line 1): consecutive LR frames of one video at HR size, from a filter or from a
 * regression network. What is sampled starts from there.
 *
 * @param frames LR, of one size
 * @param first index of the first of them in the video
 * @returns as many frames, four times as large
 */
export type Enlarger = (frames: readonly Image[], first: number) => Image[];

/** SeeClear's own: each frame by bicubic interpolation. */
export const bicubic: Enlarger = (frames) => frames.map((frame) => upscaleBicubic(frame, SCALE));

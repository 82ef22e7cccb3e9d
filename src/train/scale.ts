export { SCALE } from '../data/index.js';

/**
 * Frames of a clip, the paper's m.
 *
 * @setting SeeClear (clip length)
 */
export const CLIP_FRAMES = 5;

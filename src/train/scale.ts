/** How many times larger HR frames are than LR frames, in both directions. */
export const SCALE = 4;

/**
 * Frames of a clip, the paper's m.
 *
 * @setting SeeClear (clip length)
 */
export const CLIP_FRAMES = 5;

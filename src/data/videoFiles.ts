/** A video on disk: frames that are PNG files, found when they are asked for. */
export interface VideoFiles {
  /** For tables: its path within the data set, '' where it is all of it. */
  readonly name: string;
  /** frames, at least 1 */
  readonly length: number;
  /** Path of HR frame i, 0 … length − 1. */
  readonly hr: (i: number) => string;
  /** Path of LR frame i, where there are such; it is degraded from HR frames where there are none. */
  readonly lr?: (i: number) => string;
}

/** The video with these HR frames, at least one. */
export const videoOf = (name: string, frames: readonly string[]): VideoFiles => ({
  name,
  length: frames.length,
  hr: (i) => frames[i],
});

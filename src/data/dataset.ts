import type { VideoFiles } from './videoFiles.js';

/** The parts of a data set: to train on, to watch training with, to report. */
export const splits = ['train', 'val', 'test'] as const;

export type Split = (typeof splits)[number];

/** What a folder is, and which videos of which split it has. */
export interface Dataset {
  /** For logs: REDS, Vimeo-90K, Vid4, …, or 'videos' where the layout is nobody's. */
  readonly kind: string;
  /**
   * The videos of a split in a fixed order. There may be none.
   * @throws InputError if a folder or list that must be there is not, or cannot be read
   */
  videos(split: Split): readonly VideoFiles[];
}

/** Knows one kind of data set: what is in a folder, or `undefined` if the folder is of another kind. */
export type Layout = (folder: string) => Dataset | undefined;

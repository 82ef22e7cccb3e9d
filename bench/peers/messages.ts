import type { Mode } from './peer.js';

/** What the process of a library is asked. */
export type Question =
  /** Prepares a case and runs it for the first time. */
  | { readonly ask: 'prepare'; readonly name: string; readonly mode: Mode; readonly quick: boolean }
  /** Runs the prepared case for about so many milliseconds, three times at least. */
  | { readonly ask: 'run'; readonly budget: number }
  /** Forgets the prepared case. */
  | { readonly ask: 'close' };

/** What it answers. */
export type Answer =
  | { readonly answer: 'ready' }
  /** Milliseconds of the first run, compilation included, and what it gave. */
  | { readonly answer: 'prepared'; readonly first: number; readonly results: readonly Float32Array[] }
  | { readonly answer: 'unsupported' }
  /** Milliseconds of each run. */
  | { readonly answer: 'ran'; readonly samples: readonly number[] }
  | { readonly answer: 'closed' }
  | { readonly answer: 'failed'; readonly message: string };

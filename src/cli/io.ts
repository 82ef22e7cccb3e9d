/** What a command sees of the process, so that tests can stand in for it. */
export interface Io {
  /** Results: one line on standard output. */
  readonly out: (line: string) => void;
  /** All else: one line on standard error. */
  readonly err: (line: string) => void;
  /** Aborted by Ctrl-C. A command looks at it between steps and leaves things in order. */
  readonly signal: AbortSignal;
}

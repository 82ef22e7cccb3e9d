import { dispatch } from '../../src/cli/dispatch.js';

/** What a command line did: exit status, and the lines of both outputs. */
export interface Outcome {
  readonly status: number;
  readonly out: string[];
  readonly err: string[];
}

/** Runs a command line in this process. */
export async function run(argv: readonly string[], signal = new AbortController().signal): Promise<Outcome> {
  const out: string[] = [];
  const err: string[] = [];
  const status = await dispatch(argv, {
    out: (line) => out.push(line),
    err: (line) => err.push(line),
    signal,
  });
  return { status, out, err };
}

#!/usr/bin/env node
/** seeclear: the command line. */
import { dispatch } from './dispatch.js';
import { exitCodes } from './errors.js';

const interrupt = new AbortController();
// Once: a second Ctrl-C ends the process where it stands.
process.once('SIGINT', () => {
  process.stderr.write('interrupted: finishing the step under way; press Ctrl-C again to stop at once\n');
  interrupt.abort();
});

// A reader that has seen enough, such as `head`, closes the pipe. Node ignores the SIGPIPE that would end other programs.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(exitCodes.outputClosed);
  });

process.exitCode = await dispatch(process.argv.slice(2), {
  out: (line) => process.stdout.write(`${line}\n`),
  err: (line) => process.stderr.write(`${line}\n`),
  signal: interrupt.signal,
});

/** The system's ffmpeg, as a child process. Nothing of it comes with this project. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { InputError } from '../errors.js';

/** Windows has no process groups. */
const ownGroup = process.platform !== 'win32';

export type Program = 'ffmpeg' | 'ffprobe';

/**
 * What a program of ffmpeg writes to its standard output, as it comes; it waits while nobody takes it. Leaving the loop
 * early ends the program. It has a process group of its own: Ctrl-C reaches this process alone, which then decides.
 *
 * @param about the file that it works on, for errors
 * @throws InputError if it is not installed, or fails: with the last line that it wrote to its standard error
 */
export async function* outputOf(
  program: Program,
  args: readonly string[],
  about: string,
): AsyncGenerator<Buffer, void, undefined> {
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: ownGroup,
    windowsHide: true,
  });
  let messages = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (messages = (messages + text).slice(-4096)));
  const closed = once(child, 'close');
  closed.catch(() => undefined); // awaited below, if anybody comes that far
  try {
    for await (const chunk of child.stdout) yield chunk as Buffer;
    const [status] = (await closed) as [number | null];
    if (status === 0) return;
  } catch (error) {
    throw notStarted(program, about, error as NodeJS.ErrnoException);
  } finally {
    kill(child);
    await closed.catch(() => undefined);
  }
  const last = messages.trim().split('\n').at(-1) ?? '';
  throw new InputError(
    `${about}: expected a video that ${program} can work on, got its error '${last}'; copy or export the file again`,
  );
}

/** Ends a program at once, and those that it has started: it may be a script around another. */
function kill({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  try {
    process.kill(ownGroup ? -pid : pid, 'SIGKILL');
  } catch {
    // it has ended by itself meanwhile
  }
}

/** All that a program writes, as text. @throws InputError as `outputOf` */
export async function textOf(program: Program, args: readonly string[], about: string): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of outputOf(program, args, about)) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function notStarted(program: Program, about: string, { code, message }: NodeJS.ErrnoException): InputError {
  return new InputError(
    code === 'ENOENT'
      ? `${about}: expected the program ${program}, which reads and writes videos, got none in PATH; install ffmpeg 5.1 or later (Debian: apt install ffmpeg; macOS: brew install ffmpeg; Windows: winget install ffmpeg), or use folders of PNG frames`
      : `${about}: expected ${program} to start, got ${code ?? message}; check its installation`,
  );
}

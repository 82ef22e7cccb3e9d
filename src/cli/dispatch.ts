import { commands } from './commands.js';
import { exitCodeOf, exitCodes, UsageError, type ExitCode } from './errors.js';
import type { Io } from './io.js';

/** `seeclear --help`, from the registry of commands. */
export function overview(): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return [
    'usage: seeclear COMMAND [options]',
    '',
    'SeeClear (NeurIPS 2024): diffusion video super-resolution, four times larger, on WebGPU.',
    '',
    'commands:',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    'seeclear COMMAND --help explains one.',
  ].join('\n');
}

/** Runs one command line. Every error becomes one line on standard error and an exit status. */
export async function dispatch(argv: readonly string[], io: Io): Promise<ExitCode> {
  const name = argv.at(0);
  if (name === undefined || name === '--help' || name === '-h') {
    (name === undefined ? io.err : io.out)(overview());
    return name === undefined ? exitCodes.usage : exitCodes.done;
  }
  const command = commands.find((c) => c.name === name);
  const hint = `seeclear ${command ? `${command.name} ` : ''}--help`;
  try {
    if (!command)
      throw new UsageError(`expected one of ${commands.map((c) => c.name).join(', ')}, got '${name}'`);
    return await command.run(argv.slice(1), io);
  } catch (error) {
    const message = (error instanceof Error ? error.message : String(error))
      .trim()
      .split(/\s*\n\s*/)
      .join('; ');
    io.err(
      `seeclear${command ? ` ${command.name}` : ''}: ${message}${error instanceof UsageError ? ` (see ${hint})` : ''}`,
    );
    return exitCodeOf(error);
  }
}

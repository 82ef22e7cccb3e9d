import { parseArgs, type ParseArgsConfig } from 'node:util';

type Options = NonNullable<ParseArgsConfig['options']>;
type Values<T extends Options> = ReturnType<typeof parseArgs<{ options: T; strict: true }>>['values'];

/**
 * The options that a script of the benchmark was started with. With `--help` it prints the usage and ends with status
 * 0; what it does not know ends it as `refuse` does.
 */
export function commandLine<T extends Options>(usage: string, options: T): Values<T> {
  if (process.argv.slice(2).some((arg) => arg === '--help' || arg === '-h')) {
    console.log(usage);
    process.exit(0);
  }
  try {
    return parseArgs({ options, strict: true }).values;
  } catch (error) {
    const [why] = (error as Error).message.split(/\. |\n/, 1);
    return refuse(`${why}; --help lists the options`);
  }
}

/** Wrong usage: one line, exit status 2. */
export function refuse(why: string): never {
  console.error(`bench: ${why}`);
  process.exit(2);
}

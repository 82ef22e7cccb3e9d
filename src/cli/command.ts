import { exitCodes, UsageError, type ExitCode } from './errors.js';
import type { Io } from './io.js';
import { commonOptions, describeOptions, parse, type Options, type Parsed } from './options.js';

/** A command as `main` sees it. */
export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What `--help` prints. */
  readonly help: string;
  /**
   * Parses, calls, prints. Computes nothing itself.
   * @throws UsageError, InputError, CheckpointError, DeviceError, Interrupted: see `exitCodeOf`
   */
  run(argv: readonly string[], io: Io): Promise<ExitCode>;
}

/** What a command is made of. */
export interface CommandSpec<T extends Options> {
  readonly name: string;
  readonly summary: string;
  /** What comes after the name: `IN -o OUT`. */
  readonly usage: string;
  /** What it does, in a few lines. */
  readonly description: string;
  /** Its options, besides the common ones. */
  readonly options: T;
  /** How many arguments that are no options. */
  readonly positionals: readonly [least: number, most: number];
  run(parsed: Parsed<T & typeof commonOptions>, io: Io): void | Promise<void>;
}

/** A command from its parts; `--help` and the checks of arguments are added. */
export function command<T extends Options>(spec: CommandSpec<T>): Command {
  const options = { ...spec.options, ...commonOptions };
  const help = [
    `usage: seeclear ${spec.name} ${spec.usage}`.trimEnd(),
    '',
    spec.description,
    '',
    'options:',
    describeOptions(options),
    '',
    'exit status: 0 done, 1 failed, 2 wrong usage, 3 unusable input, 4 no usable device, 130 interrupted, 141 output closed',
  ].join('\n');
  return {
    name: spec.name,
    summary: spec.summary,
    help,
    async run(argv, io) {
      const parsed = parse<T & typeof commonOptions>(options, argv);
      const { values, positionals } = parsed;
      if (values.help) {
        io.out(help);
        return exitCodes.done;
      }
      const [least, most] = spec.positionals;
      if (positionals.length < least || positionals.length > most)
        throw new UsageError(
          `expected ${least === most ? least : `${least} to ${most}`} arguments (${spec.usage}), got ${positionals.length}`,
        );
      await spec.run(parsed, io);
      return exitCodes.done;
    },
  };
}

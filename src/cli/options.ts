/** Tables of options: what `parseArgs` needs, what `--help` prints, and what a command gets, from one place. */
import { parseArgs } from 'node:util';
import { deviceChoices, type DeviceChoice } from '../tensor/index.js';
import { UsageError } from './errors.js';
import { oneOf } from './values.js';

export interface Option {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  readonly multiple?: true;
  /** What stands for the value in the help: N, FOLDER. */
  readonly value?: string;
  readonly default?: string;
  /** Meaning and unit. The default is added. */
  readonly help: string;
}

export type Options = Readonly<Record<string, Option>>;

type ValueOf<O extends Option> = O extends { type: 'boolean' }
  ? boolean
  : O extends { multiple: true }
    ? string[]
    : O extends { default: string }
      ? string
      : string | undefined;

/** The values of a table of options, as a command gets them. */
export type ValuesOf<T extends Options> = { readonly [K in keyof T]: ValueOf<T[K]> };

/** Options that every command has. */
export const commonOptions = {
  json: { type: 'boolean', help: 'print the result as JSON on standard output' },
  help: { type: 'boolean', short: 'h', help: 'print this' },
} as const satisfies Options;

/** The option of every command that computes. */
export const deviceOption = {
  device: {
    type: 'string',
    value: 'NAME',
    default: 'auto',
    help: `${deviceChoices.join(', ')} (cpu: float64, slow); see seeclear doctor`,
  },
} as const satisfies Options;

/** A command line, taken apart. */
export interface Parsed<T extends Options> {
  readonly values: ValuesOf<T>;
  /** The options that were really there, as against those that have their defaults. */
  readonly given: ReadonlySet<string>;
  readonly positionals: readonly string[];
  /** All of it, as it was given. */
  readonly argv: readonly string[];
}

/** @throws UsageError for a name that is none */
export const deviceOf = ({ device }: ValuesOf<typeof deviceOption>): DeviceChoice =>
  oneOf('device', device, deviceChoices);

/** @throws UsageError for an option that is not in the table, or a value that is missing */
export function parse<T extends Options>(options: T, argv: readonly string[]): Parsed<T> {
  const defaults = Object.entries(options).map(([name, { type, multiple, default: preset }]) => [
    name,
    type === 'boolean' ? false : multiple ? [] : preset,
  ]);
  // Without the defaults, so that what was given can be told from what was not.
  const bare = Object.entries(options).map(([name, { type, short, multiple }]) => [
    name,
    { type, ...(short && { short }), ...(multiple && { multiple }) },
  ]);
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options: Object.fromEntries(bare) as Record<string, Pick<Option, 'type' | 'short' | 'multiple'>>,
      allowPositionals: true,
    });
    const all = { ...Object.fromEntries(defaults), ...values } as unknown as ValuesOf<T>;
    return { values: all, given: new Set(Object.keys(values)), positionals, argv };
  } catch (error) {
    const [first] = (error as Error).message.split(/\. |\n/);
    throw new UsageError(first, { cause: error });
  }
}

/** The lines of `--help` that list the options. */
export function describeOptions(options: Options): string {
  const rows = Object.entries(options).map(([name, { short, value, help, default: preset }]) => {
    const flag = `${short ? `-${short}, ` : '    '}--${name}${value ? ` ${value}` : ''}`;
    return [flag, help + (preset === undefined ? '' : ` (default ${preset})`)];
  });
  const width = Math.max(...rows.map(([flag]) => flag.length));
  return rows.map(([flag, help]) => `  ${flag.padEnd(width)}  ${help}`).join('\n');
}

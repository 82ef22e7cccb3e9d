import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../data/index.js';
import { type TrainConfig, writeFileAtomic } from '../train/index.js';

/** One time that a run was started, or resumed. */
export interface Session {
  /** As it was typed. */
  readonly command: string;
  /** ISO 8601. */
  readonly started: string;
  /** The run went on after this step. */
  readonly after: number;
  readonly device: string;
  /** Operating system and processor. */
  readonly machine: string;
  /** Of this program, Node and the libraries, by their names. */
  readonly versions: Readonly<Record<string, string>>;
  /** In a clone, with a sign if it has other changes. */
  readonly commit?: string;
  /** How long it has lasted when the report was last written. */
  readonly seconds: number;
}

/** run.json: what the other files of a run do not say. */
export interface RunFile {
  readonly config: TrainConfig;
  /** Numbers that the condenser's parameters are. */
  readonly parameters: number;
  readonly sessions: readonly Session[];
}

const pathOf = (folder: string): string => join(folder, 'run.json');

/** Writes it, whole or not at all. */
export const writeRunFile = (folder: string, file: RunFile): void =>
  writeFileAtomic(pathOf(folder), new TextEncoder().encode(`${JSON.stringify(file, null, 2)}\n`));

/** @throws InputError if there is none, or it cannot be read */
export const readRunFile = (folder: string): RunFile => findRunFile(folder) ?? refuse(folder, 'no such file');

/**
 * @returns undefined if there is none: the run has not come far, or was begun by an earlier version
 * @throws InputError if it cannot be read
 */
export function findRunFile(folder: string): RunFile | undefined {
  if (!existsSync(pathOf(folder))) return undefined;
  try {
    return JSON.parse(readFileSync(pathOf(folder), 'utf8')) as RunFile;
  } catch {
    return refuse(folder, 'no JSON');
  }
}

function refuse(folder: string, got: string): never {
  throw new InputError(
    `${pathOf(folder)}: expected what seeclear train wrote, got ${got}; name the folder of a run`,
  );
}

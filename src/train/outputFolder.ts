import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Image, InputError, writePng } from '../data/index.js';
import { writeFileAtomic } from './atomicFile.js';
import { sha256File } from './sha256.js';

/** The file that says what a folder's frames were made from. */
export const MANIFEST = 'seeclear.json';

interface Manifest {
  /** Hash of all that the frames depend on: input, weights, options, device. */
  readonly key: string;
  /** SHA-256 of each finished frame by its name. */
  readonly frames: Readonly<Record<string, string>>;
  /** What frames that are not finished yet depend on, as texts by names. */
  readonly memory: Readonly<Record<string, string>>;
}

/**
 * A folder of results that knows which of them are finished. Frames appear whole or not at all, and count as
 * finished only when the manifest holds their hash, so a run may be stopped at any time and started again. What it needs
 * to go on is in the manifest too, and so always fits the frames.
 */
export class OutputFolder {
  private readonly frames: Record<string, string>;

  private constructor(
    private readonly path: string,
    private readonly key: string,
    frames: Manifest['frames'],
    private kept: Manifest['memory'],
  ) {
    this.frames = { ...frames };
  }

  /**
   * Opens or makes the folder.
   *
   * @param key hash of all that the frames depend on
   * @param overwrite take over a folder with other contents; frames of another key are then deleted, and other
   *   files stay unless a frame has their name
   * @throws InputError if it cannot be written, or holds anything else and `overwrite` is false
   */
  static open(path: string, key: string, overwrite: boolean): OutputFolder {
    makeWritable(path);
    const found = readManifest(path);
    if (found?.key === key) return new OutputFolder(path, key, found.frames, found.memory);
    if (!overwrite && readdirSync(path).length > 0)
      throw new InputError(
        `${path}: expected an empty or new folder, got one with ${found ? 'frames made from other input, weights or options' : 'files in it'}; name another one, or add --overwrite`,
      );
    Object.keys(found?.frames ?? {}).forEach((name) => rmSync(join(path, name), { force: true }));
    const folder = new OutputFolder(path, key, {}, {});
    folder.save();
    return folder;
  }

  /** Whether a frame is there as it was written. */
  has(name: string): boolean {
    const path = join(this.path, name);
    return Object.hasOwn(this.frames, name) && existsSync(path) && sha256File(path) === this.frames[name];
  }

  /** What the last `write` kept. */
  get memory(): Manifest['memory'] {
    return this.kept;
  }

  /**
   * Writes frames, and only then counts them as finished.
   *
   * @param memory takes the place of what was kept before, in the same moment
   * @throws InputError if that fails
   */
  write(frames: readonly (readonly [name: string, image: Image])[], memory: Manifest['memory'] = {}): void {
    for (const [name, image] of frames) {
      const path = join(this.path, name);
      writePng(path, image);
      this.frames[name] = sha256File(path);
    }
    this.kept = memory;
    this.save();
  }

  private save(): void {
    const manifest: Manifest = { key: this.key, frames: this.frames, memory: this.kept };
    writeFileAtomic(
      join(this.path, MANIFEST),
      new TextEncoder().encode(`${JSON.stringify(manifest, null, 2)}\n`),
    );
  }
}

/** Deletes the finished frames of a folder and what belongs to them, and the folder itself if nothing else is in it. */
export function discardFrames(path: string): void {
  const ours = Object.keys(readManifest(path)?.frames ?? {});
  for (const name of [...ours, MANIFEST]) rmSync(join(path, name), { force: true });
  if (readdirSync(path).length === 0) rmdirSync(path);
}

function makeWritable(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
    accessSync(path, constants.W_OK);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new InputError(
      `${path}: expected a folder to write to, got ${code}; check the path and your rights`,
      {
        cause: error,
      },
    );
  }
}

/** @returns undefined if there is none, or none that can be read */
function readManifest(path: string): Manifest | undefined {
  try {
    const found = JSON.parse(readFileSync(join(path, MANIFEST), 'utf8')) as Partial<Manifest>;
    const { key, frames, memory } = found;
    // Names are deleted with --overwrite: none may lead out of the folder.
    const plain = Object.keys(frames ?? {}).every((name) => /^[^/\\]+$/.test(name));
    return typeof key === 'string' && frames && memory && plain ? { key, frames, memory } : undefined;
  } catch {
    return undefined;
  }
}

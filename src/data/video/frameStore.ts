/** Frames of video files on disk, unpacked once: where they lie, and how much they may take. */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { InputError } from '../errors.js';

/** What names of folders depend on besides the file: change it when other frames come out. */
const FORMAT = 'rgb24 1';

/** A variable of the environment; an empty one counts as not set. */
const setting = (name: string, fallback: string): string => {
  const value = process.env[name] ?? '';
  return value === '' ? fallback : value;
};

/** Folder of all frames: frames in SEECLEAR_CACHE, or in seeclear in the user's cache. */
export const storeFolder = (): string =>
  join(
    setting('SEECLEAR_CACHE', join(setting('XDG_CACHE_HOME', join(homedir(), '.cache')), 'seeclear')),
    'frames',
  );

/** Names of folders that `placeOf` and `unpackVideos` make: no other is ever deleted. */
const OURS = /-[0-9a-f]{16}(\.[0-9a-f-]{36}\.tmp)?$/;

/**
 * Bytes that all frames may take: SEECLEAR_CACHE_GIB, 20 if that is not set.
 *
 * @throws InputError if it is no number
 */
export function storeLimit(): number {
  const text = setting('SEECLEAR_CACHE_GIB', '20');
  const limit = Number(text) * 2 ** 30;
  if (!(limit >= 0))
    throw new InputError(`SEECLEAR_CACHE_GIB: expected a number of GiB, got '${text}'; set it anew`);
  return limit;
}

/**
 * Where the frames of a video file lie, or will: named after the file, its place, size and time of change, so that a
 * file that was changed has other frames.
 *
 * @throws InputError if there is no such file
 */
export function placeOf(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (!stat?.isFile())
    throw new InputError(
      `${file}: expected a video file, got ${stat ? 'something else' : 'nothing of that name'}; check the path`,
    );
  const key = createHash('sha256')
    .update(JSON.stringify([FORMAT, resolve(file), stat.size, stat.mtimeMs]))
    .digest('hex');
  return join(storeFolder(), `${basename(file)}-${key.slice(0, 16)}`);
}

/** Says that the frames in a folder are of use: they go last when room is needed. */
export const touch = (folder: string): void => utimesSync(folder, new Date(), new Date());

function makeStore(): void {
  try {
    mkdirSync(storeFolder(), { recursive: true });
  } catch (error) {
    throw new InputError(
      `${storeFolder()}: expected a folder to keep frames of videos in, got ${(error as NodeJS.ErrnoException).code}; set SEECLEAR_CACHE to another one`,
      { cause: error },
    );
  }
}

/** Room for frames that come one by one: what has not been used for longest goes first. */
export class Room {
  private used: number;
  private readonly others: { folder: string; bytes: number; time: number }[];

  /**
   * @param limit in bytes, for all
   * @param needed folders that stay
   */
  constructor(
    private readonly limit: number,
    needed: ReadonlySet<string>,
  ) {
    makeStore();
    const all = readdirSync(storeFolder(), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && OURS.test(entry.name))
      .map(({ name }) => {
        const folder = join(storeFolder(), name);
        return { folder, bytes: bytesIn(folder), time: statSync(folder).mtimeMs };
      });
    this.used = all.reduce((sum, { bytes }) => sum + bytes, 0);
    this.others = all.filter(({ folder }) => !needed.has(folder)).sort((a, b) => a.time - b.time);
  }

  /**
   * Makes room for a number of bytes.
   *
   * @param about the video that they are of
   * @throws InputError if what is needed takes more than the limit
   */
  take(bytes: number, about: string): void {
    this.used += bytes;
    while (this.used > this.limit) {
      const oldest = this.others.shift();
      if (!oldest) break;
      rmSync(oldest.folder, { recursive: true, force: true });
      this.used -= oldest.bytes;
    }
    if (this.used > this.limit)
      throw new InputError(
        `${about}: expected its frames to fit in ${(this.limit / 2 ** 30).toFixed(1)} GiB with those of the other videos, got more; cut the videos, or set SEECLEAR_CACHE_GIB and SEECLEAR_CACHE to more room`,
      );
  }
}

const bytesIn = (folder: string): number =>
  readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);

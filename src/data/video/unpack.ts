/** Video files as folders of PNG frames, made once by the system's ffmpeg. */
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../errors.js';
import { listFrames } from '../folder.js';
import { outputOf } from './ffmpeg.js';
import { placeOf, Room, storeLimit, touch } from './frameStore.js';
import { splitPngStream } from './pngStream.js';
import { findVideoFiles, isVideoFile } from './videoFile.js';

/**
 * Every frame of the first video stream once, whatever its time (so variable rates lose nothing), turned upright, as
 * 8-bit RGB by the matrix that the stream names. The flags make the conversion exact and the same on every processor. Any
 * damage ends it (-xerror): a concealed error would be learned.
 */
const decoding = (file: string): string[] => [
  '-nostdin', '-v', 'error', '-xerror', '-i', file, '-map', '0:v:0', '-fps_mode', 'passthrough',
  '-sws_flags', 'bicubic+accurate_rnd+full_chroma_int+bitexact', '-pix_fmt', 'rgb24',
  '-f', 'image2pipe', '-c:v', 'png', '-compression_level', '1', '-pred', 'sub', '-',
]; // prettier-ignore

/**
 * The frames of one video, in order: those of a video file that has been unpacked, or those in a folder.
 *
 * @returns paths, at least one
 * @throws InputError if there are none, or the video file has not been unpacked, or not stayed so
 */
export const framesOf = (path: string): string[] =>
  isVideoFile(path) && isFile(path) ? unpackedFrames(path) : listFrames(path);

function unpackedFrames(file: string): string[] {
  const folder = placeOf(file);
  if (!existsSync(folder))
    throw new InputError(
      `${file}: expected its frames in ${folder}, got nothing there; run the same command again, which unpacks them`,
    );
  return listFrames(folder);
}

/**
 * Unpacks all video files that some paths are or hold, if that has not been done. What has not been used for longest
 * is deleted when there is no room. A folder of frames appears whole or not at all.
 *
 * @param paths video files, and folders with or without such; others are passed over
 * @param onFrame called after each frame that is unpacked, with its file and how many there are by now; what it throws
 *   ends it
 * @throws InputError if ffmpeg is missing, a file cannot be decoded, or there is not enough room (see frameStore.ts)
 */
export async function unpackVideos(
  paths: readonly string[],
  onFrame?: (file: string, frames: number) => void,
): Promise<void> {
  const files = paths.flatMap(videoFilesAt);
  const folders = new Map(files.map((file) => [file, placeOf(file)]));
  const missing = [...folders].filter(([, folder]) => !existsSync(folder));
  for (const folder of folders.values()) if (existsSync(folder)) touch(folder);
  if (missing.length === 0) return;
  const room = new Room(storeLimit(), new Set(folders.values()));
  for (const [file, folder] of missing) await unpack(file, folder, room, onFrame);
}

/** Videos that a path is or holds, not deeper than in the folder itself. */
function videoFilesAt(path: string): string[] {
  if (isFile(path)) return isVideoFile(path) ? [path] : [];
  return existsSync(path) ? findVideoFiles(path) : [];
}

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true;

async function unpack(
  file: string,
  folder: string,
  room: Room,
  onFrame: ((file: string, frames: number) => void) | undefined,
): Promise<void> {
  const draft = `${folder}.${randomUUID()}.tmp`;
  try {
    mkdirSync(draft);
    let frames = 0;
    for await (const png of splitPngStream(outputOf('ffmpeg', decoding(file), file), file)) {
      room.take(png.length, file);
      await writeFile(join(draft, `${String(frames++).padStart(8, '0')}.png`), png);
      onFrame?.(file, frames);
    }
    if (frames === 0) throw new InputError(`${file}: expected a video, got no frame; check the file`);
    if (!existsSync(folder)) renameSync(draft, folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new InputError(
      `${draft}: expected to write frames there, got ${code}; free some space, or set SEECLEAR_CACHE`,
      {
        cause: error,
      },
    );
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

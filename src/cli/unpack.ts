import { unpackVideos } from '../data/index.js';
import { Interrupted } from './errors.js';
import type { Io } from './io.js';

/**
 * Unpacks the video files that some paths are or hold, with a line on standard error every two seconds.
 *
 * @throws InputError as `unpackVideos`, Interrupted after Ctrl-C
 */
export async function unpack(paths: readonly string[], io: Io): Promise<void> {
  let shown = performance.now();
  await unpackVideos(paths, (file, frames) => {
    if (io.signal.aborted) throw new Interrupted(`interrupted while unpacking ${file}`);
    if (performance.now() - shown < 2000) return;
    shown = performance.now();
    io.err(`${file}: ${frames} frames unpacked`);
  });
}

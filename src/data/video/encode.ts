/** Frames as a video file again, by the system's ffmpeg. */
import { randomUUID } from 'node:crypto';
import { renameSync, rmSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { InputError } from '../errors.js';
import { outputOf, textOf } from './ffmpeg.js';

/**
 * Mean frames a second of a video file, as a fraction: 30000/1001.
 *
 * @throws InputError if ffmpeg is missing, or the file is no video
 */
export async function frameRate(file: string): Promise<string> {
  const wanted = ['-select_streams', 'v:0', '-show_entries', 'stream=avg_frame_rate', '-of', 'csv=p=0'];
  const rate = (await textOf('ffprobe', ['-v', 'error', ...wanted, file], file)).trim();
  if (!/^[1-9]\d*\/[1-9]\d*$/.test(rate))
    throw new InputError(
      `${file}: expected a video with a frame rate, got '${rate}'; write a folder of frames instead`,
    );
  return rate;
}

/** Visually lossless, by the codec that goes with a container. */
const codecs: Readonly<Record<string, readonly string[]>> = {
  '.webm': ['-c:v', 'libvpx-vp9', '-crf', '18', '-b:v', '0'],
};
const h264 = ['-c:v', 'libx264', '-crf', '16', '-movflags', '+faststart'];

/** A video to make. */
export interface Encoding {
  /** Folder of frames 00000000.png, 00000001.png, … */
  readonly frames: string;
  /** Frames a second, as a fraction. All frames last equally long. */
  readonly rate: string;
  /** A video file whose sound is copied, if it has any. */
  readonly sound: string;
  readonly output: string;
}

/**
 * Writes frames as 8-bit 4:2:0 video of BT.709, which is there whole or not at all. A file of that name is replaced.
 *
 * @param onProgress called now and then while ffmpeg works; what it throws ends it
 * @throws InputError if ffmpeg is missing or fails, for one if the container cannot hold the sound
 */
export async function encodeVideo(
  { frames, rate, sound, output }: Encoding,
  onProgress?: () => void,
): Promise<void> {
  const extension = extname(output).toLowerCase();
  const draft = join(dirname(output), `.${randomUUID()}.tmp${extension}`);
  const args = [
    '-nostdin', '-v', 'error', '-xerror', '-framerate', rate, '-start_number', '0', '-i', join(frames, '%08d.png'),
    '-i', sound, '-map', '0:v:0', '-map', '1:a?', '-c:a', 'copy', ...(codecs[extension] ?? h264),
    '-vf', 'scale=out_color_matrix=bt709:out_range=tv:flags=bicubic+accurate_rnd+full_chroma_int',
    '-pix_fmt', 'yuv420p', '-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709',
    '-progress', 'pipe:1', draft,
  ]; // prettier-ignore
  try {
    const reports = outputOf('ffmpeg', args, output);
    for await (const report of reports) if (report.length > 0) onProgress?.();
    renameSync(draft, output);
  } finally {
    rmSync(draft, { force: true });
  }
}

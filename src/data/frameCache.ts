import type { Image } from './image.js';
import { readPng } from './png.js';

/**
 * Decoded frames by path, the least recently used dropped first. It holds at most `limit` bytes of
 * samples; a frame larger than that is read but not kept. Frames are shared: nobody may write to them.
 */
export class FrameCache {
  private readonly frames = new Map<string, Image>(); // oldest use first
  private bytes = 0;

  /**
   * @param limit bytes
   * @param load how a frame is read when it is not here
   */
  constructor(
    private readonly limit: number,
    private readonly load: (path: string) => Image = readPng,
  ) {}

  /** @throws InputError if the file cannot be read */
  read(path: string): Image {
    const kept = this.frames.get(path);
    const frame = kept ?? this.load(path);
    this.frames.delete(path);
    this.frames.set(path, frame);
    if (!kept) this.bytes += frame.data.length;
    for (const [oldest, { data }] of this.frames) {
      if (this.bytes <= this.limit) break;
      this.frames.delete(oldest);
      this.bytes -= data.length;
    }
    return frame;
  }
}

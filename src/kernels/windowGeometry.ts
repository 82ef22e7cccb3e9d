import { dims, ShapeError, type Shape } from './shape.js';

/** How a clip is cut into windows. */
export interface WindowParams {
  readonly heads: number;
  /** Height and width of a window, in pixels. */
  readonly size: number;
  /** Pixels by which the frames were rolled up and to the left before, 0 … size − 1. */
  readonly shift: number;
  /** Frames of a clip, all of which a window goes through. */
  readonly frames: number;
}

/** Sizes of a window attention on qkv [n, 3c, h, w]. */
export interface WindowGeometry extends WindowParams {
  readonly n: number;
  readonly c: number;
  readonly h: number;
  readonly w: number;
  /** Channels of a head. */
  readonly d: number;
  /** Windows above one another, and side by side. */
  readonly rows: number;
  readonly columns: number;
  /** Windows of all clips. */
  readonly windows: number;
  /** Pixels of a window in all frames: row-major, frame after frame. */
  readonly pixels: number;
}

/** @throws ShapeError if the windows do not fit the frames, or the heads the channels */
export function windowGeometry(where: string, qkv: Shape, params: WindowParams): WindowGeometry {
  const { heads, size, frames } = params;
  const { n, c: channels, h, w } = dims(`${where}: qkv`, qkv, 'n c h w');
  if (channels % (3 * heads) !== 0 || h % size !== 0 || w % size !== 0 || n % frames !== 0)
    throw new ShapeError(
      `${where}: qkv`,
      `n in multiples of ${frames}, channels in multiples of ${3 * heads}, h and w in multiples of ${size}`,
      qkv,
    );
  const [c, rows, columns] = [channels / 3, h / size, w / size];
  const windows = (n / frames) * rows * columns;
  return { ...params, n, c, h, w, d: c / heads, rows, columns, windows, pixels: frames * size ** 2 };
}

/** One head in one window. */
export interface WindowHead {
  readonly head: number;
  /** Index of a channel of this window's pixel p in a tensor [n, channels, h, w]. */
  readonly at: (channels: number, channel: number, p: number) => number;
  /** Whether two pixels only came together because the frames were rolled. */
  readonly apart: (i: number, j: number) => boolean;
}

/** Calls `visit` for each head in each window. */
export function eachWindowHead(g: WindowGeometry, visit: (head: WindowHead) => void): void {
  const across = (p: number): number => p % g.size;
  const down = (p: number): number => Math.floor(p / g.size) % g.size;
  const rolled = (place: number): boolean => place >= g.size - g.shift;
  for (let window = 0; window < g.windows; window++) {
    const column = window % g.columns;
    const row = Math.floor(window / g.columns) % g.rows;
    const clip = Math.floor(window / (g.columns * g.rows));
    const at = (channels: number, channel: number, p: number): number => {
      const item = clip * g.frames + Math.floor(p / g.size ** 2);
      const [y, x] = [row * g.size + down(p), column * g.size + across(p)];
      return ((item * channels + channel) * g.h + y) * g.w + x;
    };
    const apart = (i: number, j: number): boolean =>
      (row === g.rows - 1 && rolled(down(i)) !== rolled(down(j))) ||
      (column === g.columns - 1 && rolled(across(i)) !== rolled(across(j)));
    for (let head = 0; head < g.heads; head++) visit({ head, at, apart });
  }
}

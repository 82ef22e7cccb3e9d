import { degrade, type Image, type PairSource, toPlanar, upscaleBicubic } from '../data/index.js';

/** Clips for one step of training, on the host, planar and in [−1, 1]. Frame i of clip k is item k·f + i. */
export interface Batch {
  /** HR frames [n, 3, size, size], n = clips · frames */
  readonly hr: Float32Array;
  /** Ī^LR: the LR frames enlarged by the same bicubic as `upscale` uses, in 8 bits; likewise */
  readonly upscaled: Float32Array;
  /** LR frames [n, 3, size/4, size/4] */
  readonly lr: Float32Array;
  readonly n: number;
  readonly size: number;
  /** The clips just before these in their videos, where the step asks for them. */
  readonly previous?: Batch;
}

/** What a batch is made of. */
export interface BatchShape {
  /** clips */
  readonly clips: number;
  /** frames of a clip */
  readonly frames: number;
  /** side of the HR crop in pixels, a multiple of 4 */
  readonly crop: number;
  /**
   * Whether the clips come with those before them, for which the source gives twice as many frames. A video that has
   * enough of them for one clip only goes on backwards (see `PairSource`).
   */
  readonly carried?: boolean;
}

/**
 * The batch of a step: clips step·b … step·b + b − 1 of the source, and the LR frames of them. It
 * is a function of the source and the step, so a resumed run goes on with the same batches.
 *
 * @throws InputError if the source has no clip of that length or size
 */
export function prepareBatch(
  source: PairSource,
  step: number,
  { clips, frames, crop, carried = false }: BatchShape,
): Batch {
  const length = carried ? 2 * frames : frames;
  const videos = Array.from({ length: clips }, (_, k) => source.pair(step * clips + k, length, crop, frames));
  const part = (from: number, to?: number): Batch =>
    batchOf(
      videos.flatMap(({ hr }) => hr.slice(from, to)),
      videos.flatMap(({ lr }) => lr.slice(from, to)),
    );
  const batch = part(-frames);
  return carried ? { ...batch, previous: part(0, frames) } : batch;
}

/** A batch of square HR frames of one size, and the LR frames that belong to them: by BI if left out. */
export function batchOf(hr: readonly Image[], lr = hr.map((frame) => degrade(frame))): Batch {
  return {
    hr: planes(hr),
    upscaled: planes(lr.map((frame) => upscaleBicubic(frame))),
    lr: planes(lr),
    n: hr.length,
    size: hr[0].width,
  };
}

/** Items `first` … `first + n − 1` of a batch, and of the clips before. No copy. */
export function partOfBatch({ hr, upscaled, lr, size, previous }: Batch, first: number, n: number): Batch {
  const items = (values: Float32Array, side: number): Float32Array =>
    values.subarray(first * 3 * side ** 2, (first + n) * 3 * side ** 2);
  return {
    hr: items(hr, size),
    upscaled: items(upscaled, size),
    lr: items(lr, size / 4),
    n,
    size,
    ...(previous && { previous: partOfBatch(previous, first, n) }),
  };
}

/** [n, 3, h, w] */
export function planes(images: readonly Image[]): Float32Array {
  const values = new Float32Array(images.length * images[0].data.length);
  images.forEach((image, i) => values.set(toPlanar(image), i * image.data.length));
  return values;
}

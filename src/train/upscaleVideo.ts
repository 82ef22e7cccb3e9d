import type { Image } from '../data/index.js';
import { free, type Tensor } from '../tensor/index.js';
import type { Clips } from './clips.js';
import { CrossFade } from './crossFade.js';
import type { TrainedModel } from './trainedModel.js';
import { type ClipOptions, upscaleClip } from './upscaler.js';

/** What one clip of a video has brought. */
export interface VideoPart {
  readonly clip: number;
  /** Frames that no later clip will change, by their index in the video. */
  readonly finished: readonly (readonly [frame: number, image: Image])[];
  /** T after the clip, valid until the next part is asked for; `undefined` for a network without memory. */
  readonly textures: Tensor | undefined;
}

/** A video to upscale. */
export interface Video {
  readonly clips: Clips;
  /** LR frames first … end − 1. */
  readonly read: (first: number, end: number) => Image[];
}

/**
 * Upscales a video clip by clip: the memory of CaTeGory goes from clip to clip, frames that clips share are cross-faded,
 * and what is held does not grow with the number of clips.
 *
 * @param plan clips to compute, ascending
 * @param recall T before a clip of the plan whose predecessor is not in it; not asked for the first clip of the video,
 *   where T is as learned. The tensor is freed here
 */
export async function* upscaleVideo(
  model: TrainedModel,
  { clips, read }: Video,
  plan: readonly number[],
  recall: (clip: number) => Tensor | undefined,
  options: Omit<ClipOptions, 'textures'>,
): AsyncGenerator<VideoPart, void, undefined> {
  const fade = new CrossFade(clips);
  let memory: { before: number; textures: Tensor | undefined } = { before: 0, textures: undefined };
  try {
    // Algorithm 1, line 4
    for (const clip of plan) {
      if (memory.before !== clip) {
        free(memory);
        memory = { before: clip, textures: clip === 0 ? undefined : recall(clip) };
      }
      const { first, end } = clips.range(clip);
      const { images, textures } = await upscaleClip(model, read(first, end), first, clips.length, {
        ...options,
        ...(memory.textures && { textures: memory.textures }),
      });
      free(memory);
      memory = { before: clip + 1, textures };
      yield { clip, finished: fade.add(clip, images), textures };
    }
  } finally {
    free(memory);
  }
}

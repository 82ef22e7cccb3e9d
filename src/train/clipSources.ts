import {
  degradedSource,
  mixedSource,
  pairedDataset,
  type PairSource,
  proceduralSource,
  recogniseDataset,
  videosOf,
  videoSource,
} from '../data/index.js';
import { choiceSeed, clipSeed } from './seeds.js';

/** The name of the source that needs no files. */
export const PROCEDURAL = 'procedural';

/** One source of training clips. */
export interface DataPart {
  /** 'procedural'; or a folder, its training split if it is a known data set; or a video file. */
  readonly source: string;
  /** Folder with the LR frames, where `source` is one of HR frames alone. */
  readonly lr?: string;
  /** How many times smaller HR frames are made first; 1 if left out. */
  readonly shrink?: number;
  /** How often clips are drawn from here, in proportion to the weights of the others. */
  readonly weight: number;
}

/** What a run trains on; a text is one source of its own, as configurations before 0.2 have it. */
export type DataSpec = string | readonly DataPart[];

const partsOf = (data: DataSpec): readonly DataPart[] =>
  typeof data === 'string' ? [{ source: data, weight: 1 }] : data;

const isProcedural = ({ source }: DataPart): boolean => source === PROCEDURAL;

/** The paths that a run's clips come from. Video files in them must be unpacked before `trainingClips`. */
export const dataPaths = (data: DataSpec): string[] =>
  partsOf(data).flatMap((part) => (isProcedural(part) ? [] : [part.source]));

/**
 * The clips of a training run. Its `name` says what was found.
 *
 * @param data at least one source
 * @param seed of the run
 * @param cacheBytes decoded frames kept in memory, shared equally by the sources with files
 * @throws InputError if one of them cannot be used
 */
export function trainingClips(data: DataSpec, seed: number, cacheBytes = 2 ** 30): PairSource {
  const share = cacheBytes / Math.max(1, dataPaths(data).length);
  const sources = partsOf(data).map((part) => ({
    weight: part.weight,
    source: isProcedural(part)
      ? degradedSource(proceduralSource(clipSeed(seed)))
      : storedSource(part, clipSeed(seed), share),
  }));
  return mixedSource(sources, choiceSeed(seed));
}

function storedSource({ source, lr, shrink = 1 }: DataPart, seed: number, cacheBytes: number): PairSource {
  const dataset = lr === undefined ? recogniseDataset(source) : pairedDataset(source, lr);
  const videos = videosOf(source, dataset, 'train');
  const name = `${source} (${dataset.kind}, ${videos.length} to train on)`;
  return videoSource(name, videos, { seed, cacheBytes, shrink });
}

import {
  type Combinations,
  degrade,
  labelledScene,
  type LabelledScene,
  MOST_OBJECTS,
} from '../../data/index.js';
import { planes } from '../batch.js';

/** Instances of a scene at most: the objects and the ground. */
export const MOST_INSTANCES = MOST_OBJECTS + 1;

/** Labelled LR frames on the host. */
export interface SceneBatch {
  readonly n: number;
  /** side of the LR frames */
  readonly side: number;
  /** LR frames [n, 3, side, side], in [−1, 1] */
  readonly lr: Float32Array;
  /** Masks of the instances, 0 … 1: [n, g, side²], g = MOST_INSTANCES; zero where a frame has fewer */
  readonly masks: Float32Array;
  /** Class of each instance of each frame, an index into the vocabulary. */
  readonly classes: readonly (readonly number[])[];
}

/** Which scenes. */
export interface SceneSet {
  readonly seed: number;
  /** side of the HR frames, a multiple of 32 */
  readonly size: number;
  readonly combinations: Combinations;
}

/** Scenes first … first + n − 1 of a set, as BI degradation leaves them. */
export function sceneBatch(
  set: SceneSet,
  first: number,
  n: number,
  vocabulary: readonly string[],
): SceneBatch {
  return batchOfScenes(
    Array.from({ length: n }, (_, i) => labelledScene({ ...set, index: first + i })),
    vocabulary,
  );
}

function batchOfScenes(scenes: readonly LabelledScene[], vocabulary: readonly string[]): SceneBatch {
  const lr = scenes.map(({ image }) => degrade(image));
  const pixels = lr[0].width ** 2;
  const masks = new Float32Array(scenes.length * MOST_INSTANCES * pixels);
  scenes.forEach(({ instances }, i) =>
    instances.forEach(({ mask }, g) => masks.set(mask, (i * MOST_INSTANCES + g) * pixels)),
  );
  return {
    n: scenes.length,
    side: lr[0].width,
    lr: planes(lr),
    masks,
    classes: scenes.map(({ instances }) => instances.map(({ phrase }) => vocabulary.indexOf(phrase))),
  };
}

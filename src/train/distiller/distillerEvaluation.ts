import { allPhrases, type Combinations } from '../../data/index.js';
import { bestClasses, type SemanticDistiller } from '../../model/index.js';
import { type Backend, scope, tensor, type Values } from '../../tensor/index.js';
import { heldOutSeed } from '../seeds.js';
import { assign } from './assignment.js';
import { MOST_INSTANCES, type SceneBatch, sceneBatch } from './sceneBatch.js';

/** How well instances are found and named; means over instances, 0 … 1. */
export interface DistillerQuality {
  readonly instances: number;
  /** of the masks, intersection over union at a threshold of one half; 0 where no query is left */
  readonly iou: number;
  /** share whose phrase is right, among all phrases */
  readonly phrase: number;
  /** share whose first word, the texture, is right */
  readonly texture: number;
  /** share whose second word, the shape, is right */
  readonly shape: number;
}

/** Scenes that no training has seen: objects apart from grounds. */
export interface DistillerRow {
  readonly combinations: Combinations;
  readonly scenes: number;
  readonly objects: DistillerQuality;
  readonly grounds: DistillerQuality;
}

/** Which scenes to judge by. */
export interface EvaluationOptions {
  readonly scenes: number;
  /** side of the HR frames, a multiple of 32 */
  readonly size: number;
  readonly combinations: Combinations;
  /** Asked before each pass. Throws to end. */
  readonly onPass?: (done: number) => void;
}

/** Scenes that the network is given at once. */
const PASS = 8;

/**
 * Judges what (9) keeps, on held-out scenes, with all phrases as vocabulary: the kept queries are assigned to instances
 * so that the sum of IoU is greatest, and their best classes are compared with the names.
 */
export async function evaluateDistiller(
  backend: Backend,
  distiller: SemanticDistiller,
  { scenes, size, combinations, onPass }: EvaluationOptions,
): Promise<DistillerRow> {
  const found: Found[] = [];
  const set = { seed: heldOutSeed(0), size, combinations };
  for (let first = 0; first < scenes; first += PASS) {
    onPass?.(first);
    const batch = sceneBatch(set, first, Math.min(PASS, scenes - first), allPhrases);
    found.push(...(await judge(backend, distiller, batch)));
  }
  const [objects, grounds] = [false, true].map((ground) =>
    qualityOf(found.filter((f) => f.ground === ground)),
  );
  return { combinations, scenes, objects, grounds };
}

/** What became of one instance. */
interface Found {
  readonly ground: boolean;
  readonly iou: number;
  readonly phrase: boolean;
  readonly texture: boolean;
  readonly shape: boolean;
}

const wordsOf = allPhrases.map((phrase) => phrase.split(' '));

async function judge(backend: Backend, distiller: SemanticDistiller, batch: SceneBatch): Promise<Found[]> {
  const { n, side } = batch;
  const { masks, scores } = scope(backend, () =>
    distiller.forward(tensor(backend, [n, 3, side, side], batch.lr), allPhrases),
  );
  const k = scores.shape[1];
  const [logits, labels] = [await masks.read(), bestClasses(await scores.read(), allPhrases.length)];
  return batch.classes.flatMap((classes, i) => {
    const ious = classes.map((_, g) =>
      Array.from({ length: k }, (_, q) => iou(logits, batch, i * k + q, i * MOST_INSTANCES + g)),
    );
    const queries = assign(
      ious.flat().map((v) => -v),
      classes.length,
      k,
    );
    return queries.map((q, g): Found => {
      const [got, want] = [wordsOf[labels[i * k + q]], wordsOf[classes[g]]];
      const [texture, shape] = [got[0] === want[0], got[1] === want[1]];
      return { ground: g === classes.length - 1, iou: ious[g][q], phrase: texture && shape, texture, shape };
    });
  });
}

/** Of mask logits above 0 and targets of at least one half. */
function iou(logits: Values, { side, masks }: SceneBatch, query: number, instance: number): number {
  const pixels = side ** 2;
  let [both, either] = [0, 0];
  for (let p = 0; p < pixels; p++) {
    const [a, b] = [logits[query * pixels + p] > 0, masks[instance * pixels + p] >= 0.5];
    if (a && b) both++;
    if (a || b) either++;
  }
  return either === 0 ? 0 : both / either;
}

function qualityOf(found: readonly Found[]): DistillerQuality {
  const mean = (of: (f: Found) => number | boolean): number =>
    found.reduce((sum, f) => sum + Number(of(f)), 0) / found.length;
  return {
    instances: found.length,
    iou: mean((f) => f.iou),
    phrase: mean((f) => f.phrase),
    texture: mean((f) => f.texture),
    shape: mean((f) => f.shape),
  };
}

/**
 * Which query stands for which instance [Mask2Former, section 3.3; DETR, section 3.1]: the assignment of least cost,
 * found on the host from costs that the device computed.
 */
import type { Prediction } from '../../model/index.js';
import {
  add,
  affine,
  type Backend,
  div,
  matmul,
  permute,
  reshape,
  sigmoid,
  softmax,
  softplus,
  sub,
  sum,
  tensor,
  type Tensor,
} from '../../tensor/index.js';
import { assign } from './assignment.js';
import { MOST_INSTANCES, type SceneBatch } from './sceneBatch.js';

/** Weights of the class, mask and Dice terms, in the costs as in the loss [Mask2Former]. */
export const TERMS = { class: 2, mask: 5, dice: 5 } as const;

/** The masks of a batch on a device: [n, g, p]. */
export const targetMasks = (backend: Backend, { n, side, masks }: SceneBatch): Tensor =>
  tensor(backend, [n, MOST_INSTANCES, side ** 2], masks);

/** The class of each instance, one-hot: [n, g, classes]. */
export function oneHotClasses(backend: Backend, batch: SceneBatch, classes: number): Tensor {
  const values = new Float32Array(batch.n * MOST_INSTANCES * classes);
  batch.classes.forEach((row, i) =>
    row.forEach((c, k) => (values[(i * MOST_INSTANCES + k) * classes + c] = 1)),
  );
  return tensor(backend, [batch.n, MOST_INSTANCES, classes], values);
}

/**
 * What it costs to let query q stand for instance g, of class c with mask t:
 *
 *   2 (−softmax(Sim)_c) + 5 mean_p(softplus(m) − m t) + 5 (1 − (2 Σ σ(m) t + 1) / (Σ σ(m) + Σ t + 1))
 *
 * @param masks [n, g, p]
 * @returns [n, q, g]
 */
export function matchingCosts({ scores, masks: m }: Prediction, batch: SceneBatch, masks: Tensor): Tensor {
  const { backend } = scores;
  const [n, q, classes] = scores.shape;
  const [, , p] = masks.shape;
  const chance = matmul(softmax(scores), oneHotClasses(backend, batch, classes), { tb: true }); // [n, q, g]
  const logits = reshape(m, [n, q, p]);
  const entropy = sub(sum(softplus(logits), [2], true), matmul(logits, masks, { tb: true })); // [n, q, g]
  const inside = sigmoid(logits);
  const areas = add(sum(inside, [2], true), permute(sum(masks, [2], true), [0, 2, 1])); // [n, q, g]
  const dice = div(affine(1, [2, matmul(inside, masks, { tb: true })]), affine(1, [1, areas])); // [n, q, g]
  return affine(TERMS.dice, [-TERMS.class, chance], [TERMS.mask / p, entropy], [-TERMS.dice, dice]);
}

/**
 * The query of each instance of each frame.
 *
 * @param costs [n, q, g]
 */
export function matchInstances(costs: ArrayLike<number>, queries: number, batch: SceneBatch): number[][] {
  return batch.classes.map((instances, i) => {
    const cost = instances.flatMap((_, k) =>
      Array.from({ length: queries }, (_, q) => costs[(i * queries + q) * MOST_INSTANCES + k]),
    );
    return assign(cost, instances.length, queries);
  });
}

import type { AllQueries, Prediction } from '../../model/index.js';
import {
  add,
  affine,
  div,
  exp,
  haar,
  lincomb,
  log,
  matmul,
  maxLast,
  mean,
  mul,
  reshape,
  scale,
  sigmoid,
  slice,
  softplus,
  sub,
  sum,
  tensor,
  type Tensor,
} from '../../tensor/index.js';
import { oneHotClasses, TERMS } from './matching.js';
import type { SceneBatch } from './sceneBatch.js';

/** How much a query that stands for nothing counts beside one that stands for an instance [DETR, section 4]. */
const NOTHING_WEIGHT = 0.1;

/** Weight of the pixels' term: that of the class term, over the four layers. */
const PIXEL_WEIGHT = 8;

/** The terms of the loss, means over all layers, as scalars of shape [1]. */
export interface DistillerLoss {
  /** 2 class + 5 mask + 5 dice, summed over the layers, + 8 pixel */
  readonly total: Tensor;
  /** cross-entropy of the class, weighted */
  readonly class: Tensor;
  /** cross-entropy of the masks' pixels */
  readonly mask: Tensor;
  /** 1 − Dice of the masks */
  readonly dice: Tensor;
  /** cross-entropy of the class of pixels */
  readonly pixel: Tensor;
}

/**
 * The loss of set prediction, over the layers' predictions [Mask2Former, section 3.3, "deep supervision" of DETR]. With
 * instance g matched to a query with mask m, and each query to a class c, `nothing` where it is unmatched:
 *
 *   class = Σ w_c (logΣexp(Sim) − Sim_c) / Σ w_c,   w_nothing = 0.1
 *   mask  = mean_g mean_p (softplus(m) − m t),      dice = mean_g (1 − (2 Σ σ(m) t + 1) / (Σ σ(m) + Σ t + 1))
 *
 * Beside them, the class of every 2 × 2 pixels from the features alone, which teaches the backbone long before the
 * queries agree on who is who: pixel = mean_p (logΣexp(Sim) − Σ_g t_g Sim_{c_g}).
 *
 * @param masks [n, g, p]
 * @param matches for each layer, frame and instance the query
 */
export function distillerLoss(
  { predictions, pixels }: AllQueries,
  batch: SceneBatch,
  masks: Tensor,
  matches: readonly (readonly (readonly number[])[])[],
): DistillerLoss {
  const layers = predictions.map((prediction, l) => layerLoss(prediction, batch, masks, matches[l]));
  const over = (of: (terms: LayerLoss) => Tensor): Tensor =>
    scale(
      1 / layers.length,
      layers.map(of).reduce((a, b) => add(a, b)),
    );
  const terms = { class: over((l) => l.class), mask: over((l) => l.mask), dice: over((l) => l.dice) };
  const pixel = pixelLoss(pixels, batch, masks);
  const total = lincomb(
    [layers.length * TERMS.class, terms.class],
    [layers.length * TERMS.mask, terms.mask],
    [layers.length * TERMS.dice, terms.dice],
    [PIXEL_WEIGHT, pixel],
  );
  return { total, ...terms, pixel };
}

/** @param pixels Sim [n, p/4, classes + 1] @param masks [n, g, p] */
function pixelLoss(pixels: Tensor, batch: SceneBatch, masks: Tensor): Tensor {
  const [n, p, classes] = pixels.shape;
  const [, g] = masks.shape;
  const coarse = waveletMean(reshape(masks, [n, g, batch.side, batch.side])); // [n, g, side/2, side/2]
  const target = matmul(reshape(coarse, [n, g, p]), oneHotClasses(pixels.backend, batch, classes), {
    ta: true,
  });
  const surprise = sub(logSumExp(pixels), sum(mul(pixels, target), [2])); // [n, p/4]
  return reshape(mean(surprise), [1]);
}

/** The mean of every 2 × 2 pixels: x [n, g, h, w] → [n, g, h/2, w/2] */
function waveletMean(x: Tensor): Tensor {
  return scale(1 / 2, slice(haar(x), 1, 0, x.shape[1]));
}

type LayerLoss = Omit<DistillerLoss, 'total' | 'pixel'>;

function layerLoss(
  { scores, masks: m }: Prediction,
  batch: SceneBatch,
  masks: Tensor,
  matches: readonly (readonly number[])[],
): LayerLoss {
  const { backend } = scores;
  const [n, q, classes] = scores.shape;
  const [, g, p] = masks.shape;
  const pick = new Float32Array(n * g * q); // one-hot: the query of each instance
  const wanted = new Float32Array(n * q * classes); // one-hot: the class of each query, the last is nothing
  const present = new Float32Array(n * g); // 1 / number of instances, where there is one
  const weights = new Float32Array(n * q).fill(NOTHING_WEIGHT);
  const count = batch.classes.reduce((sum, instances) => sum + instances.length, 0);
  const classOf = new Int32Array(n * q).fill(classes - 1);
  matches.forEach((row, i) =>
    row.forEach((query, k) => {
      pick[(i * g + k) * q + query] = 1;
      present[i * g + k] = 1 / count;
      weights[i * q + query] = 1;
      classOf[i * q + query] = batch.classes[i][k];
    }),
  );
  classOf.forEach((c, row) => (wanted[row * classes + c] = 1));
  const totalWeight = weights.reduce((a, b) => a + b, 0);

  const surprise = sub(logSumExp(scores), sum(mul(scores, tensor(backend, scores.shape, wanted)), [2])); // [n, q]
  const share = tensor(
    backend,
    [n, q],
    weights.map((w) => w / totalWeight),
  );
  const logits = matmul(tensor(backend, [n, g, q], pick), reshape(m, [n, q, p])); // [n, g, p]
  const inside = sigmoid(logits);
  const entropy = sum(sub(softplus(logits), mul(logits, masks)), [2]); // [n, g]
  const areas = add(sum(inside, [2]), sum(masks, [2])); // [n, g]
  const dice = div(affine(1, [2, sum(mul(inside, masks), [2])]), affine(1, [1, areas])); // [n, g]
  const instances = tensor(backend, [n, g], present);
  const over = (values: Tensor, weight: Tensor): Tensor => reshape(sum(mul(values, weight)), [1]);
  return {
    class: over(surprise, share),
    mask: scale(1 / p, over(entropy, instances)),
    dice: over(affine(1, [-1, dice]), instances),
  };
}

/** log Σ exp over the last axis: x [.., c] → [..]. The greatest is taken out first, so that nothing overflows. */
export function logSumExp(x: Tensor): Tensor {
  const greatest = maxLast(x);
  const shifted = sub(x, reshape(greatest, [...greatest.shape, 1]));
  return add(greatest, log(sum(exp(shifted), [x.shape.length - 1])));
}

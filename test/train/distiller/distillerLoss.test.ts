import { expect } from 'chai';
import fc from 'fast-check';
import type { AllQueries } from '../../../src/model/index.js';
import { CpuBackend, reshape, tensor, type Tensor } from '../../../src/tensor/index.js';
import { distillerLoss, logSumExp } from '../../../src/train/distiller/distillerLoss.js';
import { matchInstances, matchingCosts, targetMasks } from '../../../src/train/distiller/matching.js';
import { MOST_INSTANCES, type SceneBatch, sceneBatch } from '../../../src/train/distiller/sceneBatch.js';
import { random, seed, shape } from '../../support/arbitraries.js';
import { gradcheck } from '../../support/gradcheck.js';
import { gridOf } from '../../model/support/naive.js';

const backend = new CpuBackend();
const [N, SIDE, QUERIES, CLASSES] = [2, 4, 8, 5]; // CLASSES with nothing

/** Two frames with three and two instances, in stripes. */
const batch: SceneBatch = {
  n: N,
  side: SIDE,
  lr: new Float32Array(N * 3 * SIDE ** 2),
  masks: Float32Array.from({ length: N * MOST_INSTANCES * SIDE ** 2 }, (_, i) => {
    const [frame, g, row] = [
      Math.floor(i / (MOST_INSTANCES * SIDE ** 2)),
      Math.floor(i / SIDE ** 2) % MOST_INSTANCES,
      Math.floor(i / SIDE) % SIDE,
    ];
    const owner = frame === 0 ? [0, 1, 2, 2][row] : [0, 0, 0, 1][row];
    return g === owner ? 1 : 0;
  }),
  classes: [
    [2, 0, 3],
    [1, 3],
  ],
};
const masks = targetMasks(backend, batch);
const matches = [
  [5, 0, 2],
  [7, 1],
];

/** Predictions that are right, by so much, if query matches[i][g] stands for instance g. */
function right(confidence: number): AllQueries {
  const scores = new Float64Array(N * QUERIES * CLASSES);
  const logits = new Float64Array(N * QUERIES * SIDE ** 2).fill(-confidence);
  const pixels = new Float64Array((N * SIDE ** 2 * CLASSES) / 4);
  for (let i = 0; i < N; i++) {
    for (let q = 0; q < QUERIES; q++) {
      const g = matches[i].indexOf(q);
      scores[(i * QUERIES + q) * CLASSES + (g < 0 ? CLASSES - 1 : batch.classes[i][g])] = confidence;
      for (let p = 0; p < SIDE ** 2; p++)
        if (g >= 0 && batch.masks[(i * MOST_INSTANCES + g) * SIDE ** 2 + p] === 1)
          logits[(i * QUERIES + q) * SIDE ** 2 + p] = confidence;
    }
    batch.classes[i].forEach((c, g) => {
      for (let y = 0; y < SIDE / 2; y++)
        for (let x = 0; x < SIDE / 2; x++) {
          const at = (i * MOST_INSTANCES + g) * SIDE ** 2 + 2 * y * SIDE + 2 * x;
          const share = (batch.masks[at] + batch.masks[at + SIDE]) / 2;
          if (share === 1) pixels[((i * SIDE ** 2) / 4 + (y * SIDE) / 2 + x) * CLASSES + c] = confidence;
        }
    });
  }
  const prediction = {
    tokens: random(backend, [N, QUERIES, 3], 1),
    scores: tensor(backend, [N, QUERIES, CLASSES], scores),
    masks: tensor(backend, [N, QUERIES, SIDE, SIDE], logits),
  };
  return {
    predictions: [prediction, prediction],
    features: random(backend, [N, 2, SIDE, SIDE], 2),
    pixels: tensor(backend, [N, SIDE ** 2 / 4, CLASSES], pixels),
  };
}

describe('matching', () => {
  it('gives each instance the query that says what it is', async () => {
    const costs = matchingCosts(right(8).predictions[0], batch, masks);
    expect(costs.shape).to.deep.equal([N, QUERIES, MOST_INSTANCES]);
    expect(matchInstances(await costs.read(), QUERIES, batch)).to.deep.equal(matches);
  });

  it('costs what the formula says, pixel by pixel', async () => {
    const prediction = {
      tokens: random(backend, [N, QUERIES, 3], 1),
      scores: random(backend, [N, QUERIES, CLASSES], 2),
      masks: random(backend, [N, QUERIES, SIDE, SIDE], 3),
    };
    const [costs, sim, m] = await Promise.all(
      [matchingCosts(prediction, batch, masks), prediction.scores, prediction.masks].map(gridOf),
    );
    for (let i = 0; i < N; i++)
      for (let q = 0; q < QUERIES; q++)
        batch.classes[i].forEach((c, g) => {
          const odds = Array.from({ length: CLASSES }, (_, k) => Math.exp(sim.at(i, q, k)));
          const chance = odds[c] / odds.reduce((a, b) => a + b);
          let [entropy, both, areas] = [0, 0, 0];
          for (let p = 0; p < SIDE ** 2; p++) {
            const x = m.at(i, q, Math.floor(p / SIDE), p % SIDE);
            const t = batch.masks[(i * MOST_INSTANCES + g) * SIDE ** 2 + p];
            const inside = 1 / (1 + Math.exp(-x));
            entropy -= t === 1 ? Math.log(inside) : Math.log(1 - inside);
            both += inside * t;
            areas += inside + t;
          }
          const wanted = -2 * chance + (5 * entropy) / SIDE ** 2 + 5 * (1 - (2 * both + 1) / (areas + 1));
          expect(costs.at(i, q, g)).to.be.closeTo(wanted, 1e-10);
        });
  });
});

describe('distillerLoss', () => {
  const both = [matches, matches];

  it('vanishes as right predictions become certain', async () => {
    const at = async (confidence: number): Promise<Record<string, number>> => {
      const { total, ...terms } = distillerLoss(right(confidence), batch, masks, both);
      const read = Object.entries({ total, ...terms }).map(
        async ([name, x]) => [name, await x.item()] as const,
      );
      return Object.fromEntries(await Promise.all(read));
    };
    const [vague, certain] = [await at(1), await at(30)];
    for (const name of ['total', 'class', 'mask', 'dice']) expect(vague[name], name).to.be.greaterThan(0.3);
    for (const name of ['class', 'mask', 'dice']) expect(certain[name], name).to.be.within(0, 1e-9);
    // Half of the coarse pixels hold two instances: there is no certainty about them.
    expect(certain.pixel).to.be.greaterThan(0);
  });

  it('is larger under any other matching', async () => {
    const here = await distillerLoss(right(4), batch, masks, both).total.item();
    const swapped = [
      [0, 5, 2],
      [7, 1],
    ];
    expect(await distillerLoss(right(4), batch, masks, [matches, swapped]).total.item()).to.be.greaterThan(
      here,
    );
  });

  it('differentiates in scores, masks and pixels', () =>
    fc.assert(
      fc.asyncProperty(seed, (s) => {
        const sizes = [
          [N, QUERIES, CLASSES],
          [N, QUERIES, SIDE, SIDE],
          [N, SIDE ** 2 / 4, CLASSES],
        ];
        const xs = sizes.map((size, i) => random(backend, size, s + i));
        const f = (...[scores, m, pixels]: Tensor[]): Tensor => {
          const prediction = { tokens: scores, scores, masks: m };
          return distillerLoss({ predictions: [prediction], features: m, pixels }, batch, masks, [matches])
            .total;
        };
        return gradcheck(f, xs, s);
      }),
      { numRuns: 10 },
    ));

  it('leaves room for frames with fewer instances', async () => {
    const { mask, dice } = distillerLoss(right(30), batch, masks, both);
    expect(await mask.item()).to.be.lessThan(1e-9); // absent instances have masks of 0, and count for nothing
    expect(await dice.item()).to.be.lessThan(1e-9);
  });
});

describe('logSumExp', () => {
  it('is log Σ exp, also where exp would overflow or vanish', () =>
    fc.assert(
      fc.asyncProperty(shape(3, 9), seed, fc.constantFrom(-5000, 0, 5000), async (size, s, offset) => {
        const x = await random(backend, size, s).read();
        const moved = tensor(
          backend,
          size,
          x.map((v) => v + offset),
        );
        const y = await logSumExp(moved).read();
        for (let r = 0; r < size[0]; r++) {
          const row = Array.from(x.subarray(r * size[1], (r + 1) * size[1]), Math.exp);
          expect(y[r]).to.be.closeTo(Math.log(row.reduce((a, b) => a + b)) + offset, 1e-9);
        }
      }),
    ));

  it('differentiates', () =>
    fc.assert(
      fc.asyncProperty(shape(3, 9), seed, (size, s) =>
        gradcheck((x) => logSumExp(reshape(x, size)), [random(backend, size, s)], s),
      ),
    ));
});

describe('sceneBatch', () => {
  it('is the scenes of its place in the set, whatever the batches before', () => {
    const set = { seed: 5, size: 64, combinations: 'seen' } as const;
    const vocabulary = ['plain ground'];
    const [all, second] = [sceneBatch(set, 0, 3, vocabulary), sceneBatch(set, 1, 1, vocabulary)];
    const pixels = 16 ** 2;
    expect(all.side).to.equal(16);
    expect(second.lr).to.deep.equal(all.lr.subarray(3 * pixels, 6 * pixels));
    const each = MOST_INSTANCES * pixels;
    expect(second.masks).to.deep.equal(all.masks.subarray(each, 2 * each));
    expect(second.classes[0]).to.deep.equal(all.classes[1]);
  });
});

import { expect } from 'chai';
import fc from 'fast-check';
import {
  bestClasses,
  initSemanticDistiller,
  SemanticDistiller,
  type SemanticDistillerParams,
  smallDistiller,
} from '../../../src/model/index.js';
import { embedPhrases } from '../../../src/model/distiller/textEncoder.js';
import {
  add,
  CpuBackend,
  grad,
  leaves,
  slice,
  sum,
  square,
  type Tensor,
  variables,
} from '../../../src/tensor/index.js';
import { random, seed } from '../../support/arbitraries.js';
import { expectClose } from '../../support/close.js';
import { gradcheck } from '../../support/gradcheck.js';
import { leastDistiller } from '../support/leastDistiller.js';
import { noise, perturbed } from '../support/module.js';
import { dot, gridOf } from '../support/naive.js';

const backend = new CpuBackend();
const config = leastDistiller;
const vocabulary = ['big disc', 'small disc', 'small star'];
const paramsOf = (s: number): SemanticDistillerParams =>
  perturbed(initSemanticDistiller(config, backend, s), s);
const distiller = (s: number): SemanticDistiller => new SemanticDistiller(config, paramsOf(s));
const frames = (s: number, n = 2, h = 8, w = 16) => random(backend, [n, 3, h, w], s, -1, 1);

describe('SeeClear (8), (9): Semantic Distiller', () => {
  it('keeps the k queries whose best phrase is most similar, in order, with all that belongs to them', () =>
    fc.assert(
      fc.asyncProperty(fc.nat(1e6), async (s) => {
        const [n, q, k] = [2, config.queries, config.keep];
        const network = distiller(s);
        const { predictions, features } = network.predict(frames(s), vocabulary);
        const kept = network.forward(frames(s), vocabulary);
        const last = predictions[predictions.length - 1];
        const [scores, tokens, masks] = await Promise.all([last.scores, last.tokens, last.masks].map(gridOf));
        const [similarity, keptScores, keptTokens, keptMasks] = await Promise.all(
          [kept.similarity, kept.scores, kept.tokens, kept.masks].map(gridOf),
        );
        expectClose(await kept.features.read(), await features.read());
        for (let i = 0; i < n; i++) {
          const best = Array.from({ length: q }, (_, j) =>
            Math.max(...vocabulary.map((_, c) => scores.at(i, j, c))),
          );
          const order = best.map((_, j) => j).sort((a, b) => best[b] - best[a]);
          order.slice(0, k).forEach((j, r) => {
            expect(similarity.at(i, r)).to.equal(best[j]);
            vocabulary.forEach((_, c) => expect(keptScores.at(i, r, c)).to.equal(scores.at(i, j, c)));
            for (let d = 0; d < config.tokenChannels; d++)
              expect(keptTokens.at(i, r, d)).to.equal(tokens.at(i, j, d));
            expect(keptMasks.at(i, r, 3, 11)).to.equal(masks.at(i, j, 3, 11));
          });
        }
      }),
      { numRuns: 10 },
    ));

  it('measures similarity as exp(logit_scale) cos of a linear map of the token and the phrase’s words', async () => {
    const network = distiller(5);
    const { predictions } = network.predict(frames(5, 1), vocabulary);
    const { text, queryDecoder, logitScale } = network.params;
    const [tokens, scores, words, weight, bias, scale] = await Promise.all(
      [
        predictions[1].tokens,
        predictions[1].scores,
        text.words,
        queryDecoder.text.weight,
        queryDecoder.text.bias,
        logitScale,
      ].map(gridOf),
    );
    const e = Array.from({ length: config.textChannels }, (_, i) => i);
    const cos = (a: number[], b: number[]): number => dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
    for (let q = 0; q < config.queries; q++) {
      const embedding = e.map((i) => {
        const terms = Array.from(
          { length: config.tokenChannels },
          (_, d) => weight.at(i, d) * tokens.at(0, q, d),
        );
        return terms.reduce((a, b) => a + b, bias.at(i));
      });
      vocabulary.forEach((phrase, c) => {
        const rows = phrase.split(' ').map((word) => config.words.indexOf(word));
        const sumOfWords = e.map((i) => rows.reduce((total, row) => total + words.at(row, i), 0));
        expect(scores.at(0, q, c)).to.be.closeTo(Math.exp(scale.at(0)) * cos(embedding, sumOfWords), 1e-9);
      });
    }
  });

  it('says of a frame what it says of it alone', async () => {
    const network = distiller(7);
    const [both, second] = [frames(7), slice(frames(7), 0, 1, 2)];
    const { tokens, masks } = network.forward(both, vocabulary);
    const alone = network.forward(second, vocabulary);
    expectClose(await alone.tokens.read(), await slice(tokens, 0, 1, 2).read());
    expectClose(await alone.masks.read(), await slice(masks, 0, 1, 2).read());
  });

  it('is legal for sides of 8, 16, 24 …, and leaves windows that do not fit to a mirrored margin', () => {
    for (const [h, w] of [
      [8, 8],
      [16, 8],
      [24, 40],
    ]) {
      const { tokens, features, masks, similarity, scores } = distiller(1).forward(
        frames(1, 1, h, w),
        vocabulary,
      );
      expect(tokens.shape).to.deep.equal([1, config.keep, config.tokenChannels]);
      expect(features.shape).to.deep.equal([1, config.features, h, w]);
      expect(masks.shape).to.deep.equal([1, config.keep, h, w]);
      expect(similarity.shape).to.deep.equal([1, config.keep]);
      expect(scores.shape).to.deep.equal([1, config.keep, 3]);
    }
  });

  it('starts the same for the same seed', async () => {
    const draw = async (s: number): Promise<number[][]> =>
      Promise.all(
        leaves(initSemanticDistiller(config, backend, s)).map(async ([, leaf]) => [...(await leaf.read())]),
      );
    expect(await draw(3)).to.deep.equal(await draw(3));
    expect(await draw(3)).not.to.deep.equal(await draw(4));
  });

  it('gives every parameter a gradient', async () => {
    const params = variables(paramsOf(2));
    const { predictions, pixels } = new SemanticDistiller(config, params).predict(
      frames(2, 1, 16, 16),
      vocabulary,
    );
    const said = [pixels, ...predictions.flatMap(({ scores, masks }) => [scores, masks])];
    const total = said.map((x) => sum(square(x))).reduce((a, b) => add(a, b));
    const all = leaves(params);
    const gradients = grad(
      total,
      all.map(([, leaf]) => leaf),
    );
    for (const [i, g] of gradients.entries())
      expect(
        (await g.read()).some((v) => v !== 0),
        all[i][0],
      ).to.equal(true);
  });

  it('passes gradients to what is kept, and none through the choice', () => {
    const params = variables(paramsOf(2));
    const { tokens, scores, masks } = new SemanticDistiller(config, params).forward(frames(2), vocabulary);
    for (const y of [tokens, scores, masks])
      expect(() =>
        grad(sum(square(y)), [params.queryDecoder.queries, params.backbone[0].down.weight]),
      ).not.to.throw();
  });

  it('differentiates where masks do not steer attention: the last layer and all heads', () =>
    fc.assert(
      fc.asyncProperty(fc.nat(1e6), async (s) => {
        const params = paramsOf(s);
        const { layers, text, mask, maskHidden } = params.queryDecoder;
        const last = layers[2];
        const xs = [last.cross.value.weight, last.self.query.weight, last.feedForward.up.weight, text.weight];
        const f = (...[value, query, up, head]: Tensor[]): Tensor => {
          const layer = {
            ...last,
            cross: { ...last.cross, value: { ...last.cross.value, weight: value } },
            self: { ...last.self, query: { ...last.self.query, weight: query } },
            feedForward: { ...last.feedForward, up: { ...last.feedForward.up, weight: up } },
          };
          const queryDecoder = {
            ...params.queryDecoder,
            layers: [layers[0], layers[1], layer],
            text: { ...text, weight: head },
            mask,
            maskHidden,
          };
          const { predictions } = new SemanticDistiller(config, { ...params, queryDecoder }).predict(
            frames(s, 1, 8, 8),
            vocabulary,
          );
          return predictions[3].scores;
        };
        await gradcheck(f, xs, s);
      }),
      { numRuns: 3 },
    ));

  it('names what does not fit', () => {
    const network = distiller(1);
    expect(() => network.forward(frames(1, 1, 12, 8), vocabulary)).to.throw(
      'SemanticDistiller: lr: expected h and w in multiples of 8, got [1, 3, 12, 8]',
    );
    expect(() => network.forward(noise(backend, [1, 1, 8, 8], 1), vocabulary)).to.throw('[n c=3 h w]');
    expect(() => network.forward(frames(1), ['big cat'])).to.throw(
      RangeError,
      "expected phrases of the words big, small, disc, star, got 'cat' in 'big cat'",
    );
    expect(() => network.forward(frames(1), [])).to.throw(RangeError, 'at least one phrase');
    expect(() => new SemanticDistiller({ ...config, queries: 6 }, network.params)).to.throw(
      'QueryDecoder: queries: expected [q=6 d=8], got [5, 8]',
    );
    expect(() => new SemanticDistiller({ ...config, words: ['disc'] }, network.params)).to.throw(
      'SemanticDistiller: words',
    );
  });

  it('keeps no more than there are, in the sizes that come with the package', () =>
    expect(smallDistiller.keep).to.be.at.most(smallDistiller.queries));
});

describe('phrases', () => {
  it('have length 1, whatever their words and in any order', () =>
    fc.assert(
      fc.asyncProperty(seed, async (s) => {
        const words = random(backend, [4, 6], s);
        const embedded = embedPhrases(words, config.words, ['big disc', 'disc big', 'star']);
        const [a, b, c] = [0, 1, 2].map((row) => slice(embedded, 0, row, row + 1));
        expectClose(await a.read(), await b.read());
        for (const row of [a, c]) expect(await sum(square(row)).item()).to.be.closeTo(1, 1e-12);
      }),
      { numRuns: 20 },
    ));

  it('are labels of their best classes, the first of equals', () =>
    expect(bestClasses([1, 3, 2, 5, 5, 0], 3)).to.deep.equal([1, 0]));
});

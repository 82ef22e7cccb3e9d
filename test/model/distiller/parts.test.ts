import { expect } from 'chai';
import fc from 'fast-check';
import { Backbone, initBackbone } from '../../../src/model/distiller/backbone.js';
import { initPixelDecoder, PixelDecoder } from '../../../src/model/distiller/pixelDecoder.js';
import { positionCode } from '../../../src/model/distiller/positionCode.js';
import { Initialiser } from '../../../src/model/initialiser.js';
import { concat, CpuBackend, reshape, scale, type Tensor } from '../../../src/tensor/index.js';
import { leastDistiller } from '../support/leastDistiller.js';
import { checkModule, noise, perturbed } from '../support/module.js';

const backend = new CpuBackend();
const config = leastDistiller;
const init = (seed: number) => new Initialiser(backend, seed);

/** All maps as one row of numbers. */
const row = (maps: readonly Tensor[]): Tensor => {
  const [first, ...rest] = maps.map((x) => reshape(x, [x.storage.size]));
  return concat(0, first, ...rest);
};

describe('Backbone', () => {
  it('halves the size from level to level', () => {
    const maps = new Backbone(config, initBackbone(config, init(1))).forward(
      noise(backend, [2, 3, 16, 32], 1),
    );
    expect(maps.map(({ shape }) => shape)).to.deep.equal([
      [2, 4, 16, 32],
      [2, 4, 8, 16],
      [2, 8, 4, 8],
      [2, 8, 2, 4],
    ]);
  });

  it('differentiates', () =>
    fc.assert(
      fc.asyncProperty(fc.nat(1e6), (seed) =>
        checkModule(
          perturbed(initBackbone(config, init(seed)), seed),
          [noise(backend, [1, 3, 8, 8], seed)],
          (p, x) => row(new Backbone(config, p).forward(x)),
          seed,
          0.01,
        ),
      ),
      { numRuns: 3 },
    ));

  it('names what does not fit', () => {
    const params = initBackbone(config, init(1));
    const wider = { ...config, channels: [4, 8, 8, 8] } as const;
    expect(() => new Backbone(wider, params)).to.throw('Backbone: down 1: expected [c=8 from=16 kh kw]');
  });
});

describe('PixelDecoder', () => {
  const maps = (seed: number): Tensor[] =>
    config.channels.map((c, level) => noise(backend, [1, c, 8 / 2 ** level, 16 / 2 ** level], seed, level));

  it('differentiates', () =>
    fc.assert(
      fc.asyncProperty(fc.nat(1e6), (seed) =>
        checkModule(
          perturbed(initPixelDecoder(config, init(seed)), seed),
          maps(seed),
          (p, ...xs) => {
            const { pyramid, features, embeddings } = new PixelDecoder(config, p).forward(xs);
            return row([...pyramid, features, embeddings]);
          },
          seed,
        ),
      ),
      { numRuns: 5 },
    ));

  it('hands the coarsest map down, four times as large at each level, where the finer ones are silent', async () => {
    const params = initPixelDecoder(config, init(3));
    const coarse = { ...params.lateral[2], bias: noise(backend, [config.tokenChannels], 3) };
    const lateral = [params.lateral[0], params.lateral[1], coarse];
    const zeros = maps(3).map((x) => (x.shape[2] === 1 ? x : scale(0, x)));
    const { pyramid } = new PixelDecoder(config, { ...params, lateral }).forward(zeros);
    const [top, , bottom] = await Promise.all(pyramid.map((x) => x.read()));
    for (let d = 0; d < config.tokenChannels; d++)
      for (let y = 0; y < 4; y++)
        for (let x = 0; x < 8; x++)
          expect(bottom[(d * 4 + y) * 8 + x]).to.be.closeTo(top[d * 2 + Math.floor(x / 4)], 1e-12);
  });

  it('names what does not fit', () =>
    expect(() => new PixelDecoder({ ...config, features: 5 }, initPixelDecoder(config, init(1)))).to.throw(
      'PixelDecoder: fine: expected [c=5 c1=4 kh kw]',
    ));
});

describe('positionCode', () => {
  it('differs from pixel to pixel, and is the same for the same place in maps of any size', async () => {
    const read = async (h: number, w: number): Promise<number[][]> => {
      const code = positionCode(backend, h, w, 16);
      expect(code.shape).to.deep.equal([1, h * w, 16]);
      const values = [...(await code.read())];
      return Array.from({ length: h * w }, (_, p) => values.slice(16 * p, 16 * p + 16));
    };
    const [small, large] = [await read(3, 5), await read(9, 15)];
    expect(new Set(small.map((code) => code.map((v) => v.toFixed(9)).join())).size).to.equal(15);
    small[7].forEach((v, i) => expect(v).to.be.closeTo(large[4 * 15 + 7][i], 1e-12)); // both in the middle
  });

  it('refuses channels that do not come in fours', () =>
    expect(() => positionCode(backend, 2, 2, 6)).to.throw(RangeError, 'multiple of 4 channels, got 6'));
});

import { expect } from 'chai';
import fc from 'fast-check';
import { initWindowAttention, WindowAttention } from '../../../src/model/blocks/windowAttention.js';
import { Initialiser } from '../../../src/model/initialiser.js';
import {
  CpuBackend,
  full,
  mapTree,
  reshape,
  roll,
  scale,
  slice,
  type Tensor,
} from '../../../src/tensor/index.js';
import { expectClose } from '../../support/close.js';
import { checkModule, noise, perturbed, rows } from '../support/module.js';
import { dot, gridOf, linear, normalised, softmaxOf } from '../support/naive.js';

const backend = new CpuBackend();
const config = { channels: 4, headChannels: 2, window: 4, shifted: false, frames: 1 };
const paramsOf = (c: typeof config, seed: number) =>
  perturbed(initWindowAttention(c, new Initialiser(backend, seed)), seed);

/**
 * The definition, pixel by pixel: the plane is tiled by windows whose corners lie at multiples of the window
 * from (shift, shift), none of them wrapping around; a pixel attends to the pixels of its own tile, in all `m` frames of
 * its clip.
 */
async function naive(block: WindowAttention, x: Tensor, shift: number, m = 1): Promise<number[]> {
  const { headChannels: d, window, frames: most } = block.config;
  const across = 2 * window - 1;
  const [n, c, h, w] = x.shape;
  const { norm, qkv, position, out } = block.params;
  const [image, gamma, beta, project, table, weight, bias] = await Promise.all(
    [x, norm.gamma, norm.beta, qkv, position, out.weight, out.bias].map(gridOf),
  );
  const channels = Array.from({ length: c }, (_, i) => i);
  const pixels = Array.from({ length: m * h * w }, (_, i) => ({
    t: Math.floor(i / (h * w)),
    y: Math.floor(i / w) % h,
    x: i % w,
  }));
  const tile = (p: { y: number; x: number }) =>
    `${Math.floor((p.y - shift) / window)},${Math.floor((p.x - shift) / window)}`;
  const result = new Array<number>(n * c * h * w);
  for (let clip = 0; clip < n / m; clip++) {
    const projected = pixels.map((p) =>
      linear(
        normalised(
          channels.map((i) => image.at(clip * m + p.t, i, p.y, p.x)),
          gamma,
          beta,
        ),
        project,
      ),
    );
    pixels.forEach((query, i) => {
      const keys = pixels.map((_, j) => j).filter((j) => tile(pixels[j]) === tile(query));
      const attended = channels.map((channel) => {
        const head = Math.floor(channel / d);
        const part = (j: number, which: number) =>
          projected[j].slice(which * c + head * d, which * c + (head + 1) * d);
        const scores = keys.map((j) => {
          const dt = query.t - pixels[j].t + most - 1;
          const dy = query.y - pixels[j].y + window - 1;
          const dx = query.x - pixels[j].x + window - 1;
          const offset = dt * across ** 2 + dy * across + dx;
          return dot(part(i, 0), part(j, 1)) / Math.sqrt(d) + table.at(head, offset);
        });
        return dot(
          softmaxOf(scores),
          keys.map((j) => projected[j][2 * c + channel]),
        );
      });
      linear(attended, weight).forEach((v, o) => {
        const frame = clip * m + query.t;
        const at = ((frame * c + o) * h + query.y) * w + query.x;
        result[at] = image.at(frame, o, query.y, query.x) + v + bias.at(o);
      });
    });
  }
  return result;
}

describe('WindowAttention', () => {
  for (const shifted of [false, true])
    for (const window of [2, 3, 4])
      it(`is attention within the tiles of the plane: ${shifted ? 'shifted ' : ''}windows of ${window}`, () =>
        fc.assert(
          fc.asyncProperty(
            fc.nat(1e6),
            fc.integer({ min: 2, max: 3 }),
            fc.integer({ min: 2, max: 3 }),
            async (seed, rows, columns) => {
              const c = { ...config, window, shifted };
              const block = new WindowAttention(c, paramsOf(c, seed));
              const x = noise(backend, [2, 4, rows * window, columns * window], seed);
              const expected = await naive(block, x, shifted ? Math.floor(window / 2) : 0);
              expectClose(await block.forward(x).read(), expected);
            },
          ),
          { numRuns: 3 },
        ));

  it('takes a map smaller than a window as one window, with the middle of the position table', async () => {
    for (const shifted of [false, true]) {
      const c = { ...config, shifted };
      const block = new WindowAttention(c, paramsOf(c, 5));
      for (const size of [1, 2, 3, 4]) {
        const x = noise(backend, [1, 4, size, size], 5);
        expectClose(await block.forward(x).read(), await naive(block, x, 0));
      }
    }
  });

  it('moves with the image, by whole windows', () =>
    fc.assert(
      fc.asyncProperty(
        fc.nat(1e6),
        fc.integer({ min: 0, max: 2 }),
        fc.integer({ min: 0, max: 1 }),
        async (seed, i, j) => {
          const block = new WindowAttention(config, paramsOf(config, seed));
          const x = noise(backend, [1, 4, 12, 8], seed);
          const move = (t: Tensor) => roll(roll(t, 2, 4 * i), 3, 4 * j);
          expectClose(await block.forward(move(x)).read(), await move(block.forward(x)).read());
        },
      ),
      { numRuns: 5 },
    ));

  for (const shifted of [false, true])
    it(`differentiates${shifted ? ', shifted' : ''}`, () =>
      fc.assert(
        fc.asyncProperty(fc.nat(1e6), (seed) => {
          const c = { ...config, window: 2, shifted };
          const x = noise(backend, [2, 4, 4, 6], seed);
          return checkModule(paramsOf(c, seed), [x], (p, x) => new WindowAttention(c, p).forward(x), seed);
        }),
        { numRuns: 5 },
      ));

  it('starts as the identity', async () => {
    const block = new WindowAttention(config, initWindowAttention(config, new Initialiser(backend, 1)));
    const x = noise(backend, [1, 4, 8, 8], 1);
    expect(await block.forward(x).read()).to.deep.equal(await x.read());
  });

  it('names what does not fit', () => {
    const block = new WindowAttention(config, paramsOf(config, 1));
    expect(() => block.forward(noise(backend, [1, 5, 4, 4], 1))).to.throw(
      'WindowAttention: x: expected [n c=4 h w]',
    );
    expect(() => block.forward(noise(backend, [1, 4, 6, 8], 1))).to.throw('multiples of 4');
    expect(() => new WindowAttention({ ...config, window: 8 }, block.params)).to.throw(
      'WindowAttention: position',
    );
    expect(() => new WindowAttention({ ...config, headChannels: 3 }, block.params)).to.throw(
      'a divisor of 4',
    );
  });
});

describe('SeeClear (15): MFSA, window attention through the frames of a clip', () => {
  const multi = { ...config, window: 2, frames: 3 };

  for (const shifted of [false, true])
    for (const m of [1, 2, 3])
      it(`is attention within tiles through ${m} of 3 frames${shifted ? ', shifted' : ''}`, () =>
        fc.assert(
          fc.asyncProperty(fc.nat(1e6), fc.integer({ min: 2, max: 3 }), async (seed, rows) => {
            const c = { ...multi, shifted };
            const block = new WindowAttention(c, paramsOf(c, seed));
            const x = noise(backend, [2 * m, 4, 2 * rows, 4], seed);
            expectClose(await block.forward(x, m).read(), await naive(block, x, shifted ? 1 : 0, m));
          }),
          { numRuns: 3 },
        ));

  it('permutes with the frames where no position in time is told, and not otherwise', async () => {
    const params = paramsOf(multi, 4);
    const still = mapTree(params, (leaf, path) => (path === 'position' ? scale(0, leaf) : leaf));
    const x = noise(backend, [3, 4, 4, 4], 4);
    const order = [2, 0, 1];
    const moved = (p: typeof params): Promise<ArrayLike<number>> =>
      new WindowAttention(multi, p).forward(rows(x, order, 0), 3).read();
    const expected = (p: typeof params): Promise<ArrayLike<number>> =>
      rows(new WindowAttention(multi, p).forward(x, 3), order, 0).read();
    expectClose(await moved(still), await expected(still));
    expect(await moved(params)).not.to.deep.equal(await expected(params));
  });

  it('turns round in time with the table of positions', async () => {
    const params = paramsOf(multi, 5);
    const heads = params.position.shape[0];
    const byTime = reshape(params.position, [heads, 5, 9]); // Δt from −2 to 2
    const back = { ...params, position: reshape(rows(byTime, [4, 3, 2, 1, 0]), [heads, 45]) };
    const x = noise(backend, [3, 4, 4, 4], 5);
    expectClose(
      await new WindowAttention(multi, back).forward(rows(x, [2, 1, 0], 0), 3).read(),
      await rows(new WindowAttention(multi, params).forward(x, 3), [2, 1, 0], 0).read(),
    );
  });

  it('keeps clips apart', async () => {
    const block = new WindowAttention(multi, paramsOf(multi, 6));
    const x = noise(backend, [6, 4, 4, 4], 6);
    expectClose(
      await slice(block.forward(x, 3), 0, 3, 6).read(),
      await block.forward(slice(x, 0, 3, 6), 3).read(),
    );
  });

  it('weighs pixels by 1 + g, after the normalisation: no gate is g = 0', async () => {
    const block = new WindowAttention(multi, paramsOf(multi, 7));
    const x = noise(backend, [3, 4, 4, 4], 7);
    const ungated = await block.forward(x, 3).read();
    expectClose(await block.forward(x, 3, full(backend, [3, 1, 4, 4], 0)).read(), ungated);
    const { gamma, beta } = block.params.norm;
    const doubled = { ...block.params, norm: { gamma: scale(2, gamma), beta: scale(2, beta) } };
    expectClose(
      await block.forward(x, 3, full(backend, [3, 1, 4, 4], 1)).read(),
      await new WindowAttention(multi, doubled).forward(x, 3).read(),
    );
  });

  it('differentiates, also in the gate', () =>
    fc.assert(
      fc.asyncProperty(fc.nat(1e6), (seed) => {
        const c = { ...multi, shifted: true };
        const inputs = [noise(backend, [4, 4, 4, 4], seed), noise(backend, [4, 1, 4, 4], seed, 1)];
        return checkModule(
          paramsOf(c, seed),
          inputs,
          (p, x, g) => new WindowAttention(c, p).forward(x, 2, g),
          seed,
          1e-1,
        );
      }),
      { numRuns: 3 },
    ));

  it('refuses more frames than it was made for', () =>
    expect(() =>
      new WindowAttention(multi, paramsOf(multi, 1)).forward(noise(backend, [4, 4, 4, 4], 1), 4),
    ).to.throw(RangeError, 'at most 3 frames of a clip, got 4'));
});

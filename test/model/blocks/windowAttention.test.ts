import { expect } from 'chai';
import fc from 'fast-check';
import { initWindowAttention, WindowAttention } from '../../../src/model/blocks/windowAttention.js';
import { Initialiser } from '../../../src/model/initialiser.js';
import { CpuBackend, roll, type Tensor } from '../../../src/tensor/index.js';
import { expectClose } from '../../support/close.js';
import { checkModule, noise, perturbed } from '../support/module.js';
import { dot, gridOf, linear, normalised, softmaxOf } from '../support/naive.js';

const backend = new CpuBackend();
const config = { channels: 4, headChannels: 2, window: 4, shifted: false };
const paramsOf = (c: typeof config, seed: number) =>
  perturbed(initWindowAttention(c, new Initialiser(backend, seed)), seed);

/**
 * The definition, pixel by pixel: the plane is tiled by windows whose corners lie at multiples of the window
 * from (shift, shift), none of them wrapping around; a pixel attends to the pixels of its own tile.
 */
async function naive(block: WindowAttention, x: Tensor, shift: number): Promise<number[]> {
  const { headChannels: d, window } = block.config;
  const [n, c, h, w] = x.shape;
  const { norm, qkv, position, out } = block.params;
  const [image, gamma, beta, project, table, weight, bias] = await Promise.all(
    [x, norm.gamma, norm.beta, qkv, position, out.weight, out.bias].map(gridOf),
  );
  const channels = Array.from({ length: c }, (_, i) => i);
  const pixels = Array.from({ length: h * w }, (_, i) => ({ y: Math.floor(i / w), x: i % w }));
  const tile = (p: { y: number; x: number }) =>
    `${Math.floor((p.y - shift) / window)},${Math.floor((p.x - shift) / window)}`;
  const result = new Array<number>(n * c * h * w);
  for (let frame = 0; frame < n; frame++) {
    const projected = pixels.map((p) =>
      linear(
        normalised(
          channels.map((i) => image.at(frame, i, p.y, p.x)),
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
          const dy = query.y - pixels[j].y + window - 1;
          const dx = query.x - pixels[j].x + window - 1;
          return dot(part(i, 0), part(j, 1)) / Math.sqrt(d) + table.at(head, dy * (2 * window - 1) + dx);
        });
        return dot(
          softmaxOf(scores),
          keys.map((j) => projected[j][2 * c + channel]),
        );
      });
      linear(attended, weight).forEach((v, o) => {
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

import { expect } from 'chai';
import fc from 'fast-check';
import { ChannelAttention, initChannelAttention } from '../../../src/model/blocks/channelAttention.js';
import { Initialiser } from '../../../src/model/initialiser.js';
import { CpuBackend, type Tensor } from '../../../src/tensor/index.js';
import { expectClose } from '../../support/close.js';
import { checkModule, noise, perturbed } from '../support/module.js';
import { dot, gridOf, linear, normalised, softmaxOf } from '../support/naive.js';

const backend = new CpuBackend();
const config = { channels: 6, headChannels: 3 };
const paramsOf = (seed: number) =>
  perturbed(initChannelAttention(config, new Initialiser(backend, seed)), seed);

/** The definition: each channel as one vector over all pixels, attending to the channels of its head. */
async function naive(block: ChannelAttention, x: Tensor): Promise<number[]> {
  const { channels: c, headChannels: d } = block.config;
  const [n, , h, w] = x.shape;
  const { norm, qkv, depthwise, temperature, out } = block.params;
  const [image, gamma, beta, project, around, tau, weight, bias] = await Promise.all(
    [x, norm.gamma, norm.beta, qkv, depthwise, temperature, out.weight, out.bias].map(gridOf),
  );
  const upTo = (size: number) => Array.from({ length: size }, (_, i) => i);
  const unit = (v: number[]) => v.map((e) => e / Math.sqrt(dot(v, v)));
  const result = new Array<number>(n * c * h * w);
  for (let frame = 0; frame < n; frame++) {
    const pointwise = upTo(h).map((y) =>
      upTo(w).map((z) =>
        linear(
          normalised(
            upTo(c).map((i) => image.at(frame, i, y, z)),
            gamma,
            beta,
          ),
          project,
        ),
      ),
    );
    const vector = (channel: number): number[] =>
      upTo(h * w).map((p) => {
        let sum = 0;
        for (const dy of [-1, 0, 1])
          for (const dx of [-1, 0, 1]) {
            const [y, z] = [Math.floor(p / w) + dy, (p % w) + dx];
            if (y >= 0 && y < h && z >= 0 && z < w)
              sum += around.at(channel, 0, dy + 1, dx + 1) * pointwise[y][z][channel];
          }
        return sum;
      });
    const attended = upTo(c).map((channel) => {
      const head = Math.floor(channel / d);
      const others = upTo(d).map((i) => head * d + i);
      const query = unit(vector(channel));
      const scores = others.map((o) => tau.at(head, 0, 0) * dot(query, unit(vector(c + o))));
      const values = others.map((o) => vector(2 * c + o));
      return upTo(h * w).map((p) =>
        dot(
          softmaxOf(scores),
          values.map((v) => v[p]),
        ),
      );
    });
    for (const p of upTo(h * w)) {
      const mixed = linear(
        attended.map((v) => v[p]),
        weight,
      );
      for (const o of upTo(c))
        result[(frame * c + o) * h * w + p] =
          image.at(frame, o, Math.floor(p / w), p % w) + mixed[o] + bias.at(o);
    }
  }
  return result;
}

describe('ChannelAttention', () => {
  it('is attention between the channels of a head', () =>
    fc.assert(
      fc.asyncProperty(
        fc.nat(1e6),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 2, max: 4 }),
        async (seed, h, w) => {
          const block = new ChannelAttention(config, paramsOf(seed));
          const x = noise(backend, [2, 6, h, w], seed);
          expectClose(await block.forward(x).read(), await naive(block, x));
        },
      ),
      { numRuns: 10 },
    ));

  it('differentiates', () =>
    fc.assert(
      fc.asyncProperty(fc.nat(1e6), (seed) => {
        const x = noise(backend, [2, 6, 3, 4], seed);
        return checkModule(paramsOf(seed), [x], (p, x) => new ChannelAttention(config, p).forward(x), seed);
      }),
      { numRuns: 5 },
    ));

  it('starts as the identity', async () => {
    const block = new ChannelAttention(config, initChannelAttention(config, new Initialiser(backend, 1)));
    const x = noise(backend, [1, 6, 3, 4], 1);
    expect(await block.forward(x).read()).to.deep.equal(await x.read());
  });

  it('names what does not fit', () => {
    const block = new ChannelAttention(config, paramsOf(1));
    expect(() => block.forward(noise(backend, [1, 5, 4, 4], 1))).to.throw(
      'ChannelAttention: x: expected [n c=6 h w]',
    );
    expect(() => new ChannelAttention({ ...config, headChannels: 2 }, block.params)).to.throw('temperature');
    expect(() => new ChannelAttention({ ...config, headChannels: 4 }, block.params)).to.throw(
      'a divisor of 6',
    );
  });
});

import { type Backend, dims, silu, Tensor, tensor } from '../../tensor/index.js';
import type { Initialiser } from '../initialiser.js';
import { conv, initConv, type ConvParams } from './conv.js';

export interface TimeEmbeddingParams {
  readonly first: ConvParams; // [e, e, 1, 1], [e]
  readonly second: ConvParams; // [e, e, 1, 1], [e]
}

/** @param channels size of the embedding, e; even */
export const initTimeEmbedding = (channels: number, init: Initialiser): TimeEmbeddingParams => ({
  first: initConv(init.at('first'), { from: channels, to: channels, size: 1 }),
  second: initConv(init.at('second'), { from: channels, to: channels, size: 1 }),
});

/**
 * What the network is told about the timestep: sinusoid → linear → SiLU → linear → SiLU
 * [Dhariwal and Nichol 2021]. The last SiLU, which each residual block there applies for itself, is applied
 * here once for all. The result is an image of one pixel, [n, e, 1, 1], so that 1×1 convolutions are the
 * linear maps and their outputs broadcast over pixels.
 */
export class TimeEmbedding {
  /** @throws ShapeError if the parameters do not fit `channels`; RangeError if it is odd */
  constructor(
    readonly channels: number,
    readonly params: TimeEmbeddingParams,
  ) {
    if (channels % 2 !== 0) throw new RangeError(`TimeEmbedding: expected an even size, got ${channels}`);
    const known = { to: channels, from: channels };
    dims('TimeEmbedding: first', params.first.weight.shape, 'to from kh kw', known);
    dims('TimeEmbedding: second', params.second.weight.shape, 'to from kh kw', known);
  }

  /** n timesteps, or their sinusoids [n, e, 1, 1] → [n, e, 1, 1] */
  forward(t: Timesteps): Tensor {
    const { first, second } = this.params;
    const x = t instanceof Tensor ? t : sinusoids(first.weight.backend, t, this.channels); // [n, e, 1, 1]
    return silu(conv(silu(conv(x, first)), second)); // [n, e, 1, 1]
  }
}

/** A timestep for each frame; or what `sinusoids` makes of them, which a recording can be given anew. */
export type Timesteps = readonly number[] | Tensor;

/** The sinusoids of n timesteps as the network takes them, [n, e, 1, 1]. */
export const sinusoids = (backend: Backend, t: readonly number[], channels: number): Tensor =>
  tensor(
    backend,
    [t.length, channels, 1, 1],
    t.flatMap((step) => sinusoid(step, channels)),
  );

/**
 * cos(ω_i t) and then sin(ω_i t), for ω_i = 10000^(−2i/e), 0 ≤ i < e/2 [Vaswani et al. 2017]. The first pair
 * is the angle of t radians, so that no two integers share an embedding.
 */
export function sinusoid(t: number, channels: number): number[] {
  const angles = Array.from({ length: channels / 2 }, (_, i) => t * 10000 ** ((-2 * i) / channels));
  return [...angles.map(Math.cos), ...angles.map(Math.sin)];
}

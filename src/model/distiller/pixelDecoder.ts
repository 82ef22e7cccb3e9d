import { add, dims, gelu, haarInverse, padZero, scale, type Tensor } from '../../tensor/index.js';
import { conv, initConv, type ConvParams } from '../blocks/conv.js';
import type { Initialiser } from '../initialiser.js';
import type { SemanticDistillerConfig } from './distillerConfig.js';

/** Parameters; d channels of tokens, c of P, c1 … c4 of the backbone. */
export interface PixelDecoderParams {
  readonly lateral: readonly ConvParams[]; // [d, c2, 1, 1], [d, c3, 1, 1], [d, c4, 1, 1], with biases
  readonly fine: ConvParams; // [c, c1, 1, 1], [c]
  readonly reduce: ConvParams; // [c, d, 1, 1], [c]
  readonly out: ConvParams; // [c, c, 1, 1], [c]
  readonly text: ConvParams; // [e, d, 1, 1], [e]
}

export function initPixelDecoder(
  { channels: [c1, ...coarser], tokenChannels: d, features: c, textChannels: e }: SemanticDistillerConfig,
  init: Initialiser,
): PixelDecoderParams {
  const lateral = init.at('lateral');
  return {
    lateral: coarser.map((from, i) => initConv(lateral.at(i), { from, to: d, size: 1 })),
    fine: initConv(init.at('fine'), { from: c1, to: c, size: 1 }),
    reduce: initConv(init.at('reduce'), { from: d, to: c, size: 1 }),
    out: initConv(init.at('out'), { from: c, to: c, size: 1 }),
    text: initConv(init.at('text'), { from: d, to: e, size: 1 }),
  };
}

/** What the pixel decoder gives. */
export interface PixelFeatures {
  readonly pyramid: readonly Tensor[]; // [n, d, h/8, w/8], [n, d, h/4, w/4], [n, d, h/2, w/2]
  readonly features: Tensor; // P [n, c, h, w]
  readonly embeddings: Tensor; // [n, e, h/2, w/2], of every 2 × 2 pixels, in the space of the text
}

/**
 * A feature pyramid from coarse to fine [Lin et al. 2017], with up = nearest neighbour:
 *
 *   f_4 = lateral_4(x_4),   f_l = lateral_l(x_l) + up(f_{l+1}),   P = out(gelu(fine(x_1) + up(reduce(f_2))))
 *
 * and an embedding of every pixel of f_2, from which training can tell at once what the pixel shows.
 */
export class PixelDecoder {
  /** @throws ShapeError if the parameters do not fit the configuration */
  constructor(
    { channels: [c1, ...coarser], tokenChannels: d, features: c, textChannels: e }: SemanticDistillerConfig,
    private readonly params: PixelDecoderParams,
  ) {
    coarser.forEach((from, i) =>
      dims(`PixelDecoder: lateral ${i}`, params.lateral[i].weight.shape, 'd from kh kw', { d, from }),
    );
    dims('PixelDecoder: fine', params.fine.weight.shape, 'c c1 kh kw', { c, c1 });
    dims('PixelDecoder: reduce', params.reduce.weight.shape, 'c d kh kw', { c, d });
    dims('PixelDecoder: out', params.out.weight.shape, 'to c kh kw', { to: c, c });
    dims('PixelDecoder: text', params.text.weight.shape, 'e d kh kw', { e, d });
  }

  /** The backbone's four maps → pyramid and P. */
  forward([x1, ...coarser]: readonly Tensor[]): PixelFeatures {
    const { lateral, fine, reduce, out, text } = this.params;
    const sides = coarser.map((x, i) => conv(x, lateral[i]));
    const pyramid: Tensor[] = [];
    for (const side of sides.toReversed()) {
      const above = pyramid.at(-1);
      pyramid.push(above ? add(side, nearest(above)) : side);
    }
    const f2 = pyramid[pyramid.length - 1]; // [n, d, h/2, w/2]
    const merged = add(conv(x1, fine), nearest(conv(f2, reduce))); // [n, c, h, w]
    return { pyramid, features: conv(gelu(merged), out), embeddings: conv(f2, text) };
  }
}

/** Every pixel four times: x [n, c, h, w] → [n, c, 2h, 2w], the inverse Haar transform of LL = 2x alone. */
function nearest(x: Tensor): Tensor {
  const { c } = dims('nearest: x', x.shape, 'n c h w');
  return haarInverse(padZero(scale(2, x), 1, 0, 3 * c));
}

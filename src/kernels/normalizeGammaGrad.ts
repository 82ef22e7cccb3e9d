/**
 * The gradient of the scale of a normalisation, see normalize.ts, in chunks:
 *
 *   y[r, c] = Σ g x̂   over chunk r of the elements of channel c
 *
 * Where a channel has more than one neighbouring element in an item (span > 1), a chunk is of those; else it is of items.
 */
import type { Kernel } from './kernel.js';
import { inLanes } from './lanes.js';
import {
  checked,
  elements,
  layout,
  variants,
  xhat,
  xhatTerms,
  type Element,
  type NormalizeParams,
} from './normalizeLayout.js';
import type { Shape } from './shape.js';
import { f32, fold, uniforms } from './source.js';

export interface NormalizeGammaParams extends NormalizeParams {
  readonly channels: number;
  /** Terms per sum, of an item where span > 1; a multiple of four, or all. */
  readonly chunk: number;
}

const WG = 64;
const gammaGrad = variants('./normalizeGammaGrad.wgsl');

/** How a channel's elements are cut into chunks, and how an invocation steps through one. */
function channelChunks(
  [outer, len, inner]: Shape,
  { span, channels, chunk }: NormalizeGammaParams,
): { rows: number; items: number; chunks: number; steps: number } {
  const items = (outer * len * inner) / (channels * span);
  const steps = span > 1 ? span : items;
  const chunks = Math.ceil(steps / chunk);
  return { rows: span > 1 ? items * chunks : chunks, items, chunks, steps };
}

const gammaTerms =
  (f: (element: Element) => number, g: (v: number) => number): Kernel<NormalizeGammaParams>['reference'] =>
  ([x, stats, gs], [shape], params) => {
    const { rows, chunks } = channelChunks(shape, params);
    const { span, channels, chunk } = params;
    const y = new Float64Array(rows * channels);
    elements([x, stats], shape, channels, params, (e, element) => {
      const item = Math.floor(e / (span * channels));
      const row = span > 1 ? item * chunks + Math.floor((e % span) / chunk) : Math.floor(item / chunk);
      y[row * channels + element.channel] += g(gs[e]) * f(element);
    });
    return y;
  };

/** ∂L/∂γ in chunks, [chunks of all items, channels]. Inputs x, moments, g of x's shape. */
export const normalizeGammaGrad: Kernel<NormalizeGammaParams> = {
  name: 'normalizeGammaGrad',
  outShape([x, stats], params) {
    checked('normalizeGammaGrad', x, stats);
    return [channelChunks(x, params).rows, params.channels];
  },
  resultType: () => 'f32',
  launch([x], params) {
    const { variant, lanes, span, channels } = layout(x, params.channels, params.span);
    const [, len, inner] = inLanes(x, lanes);
    const { rows, steps: elementsOfChannel } = channelChunks(x, params);
    const byItem = params.span === 1;
    const unit = params.span / span; // elements of a channel in a T
    const [steps, chunk] = [elementsOfChannel, params.chunk].map((size) => Math.ceil(size / unit));
    const count = rows * channels;
    const [item, step] = byItem ? [0, channels] : [channels * span, 1];
    const statStep = byItem ? (2 * channels) / len : Math.min(1, inner - 1);
    return {
      wgsl: gammaGrad[variant],
      workgroups: fold(Math.ceil(count / WG)),
      constants: { WG },
      uniforms: uniforms(
        count,
        channels,
        Math.ceil(steps / chunk),
        chunk,
        steps,
        item,
        span,
        step,
        len * inner,
        inner,
        statStep,
        f32(params.eps), // prettier-ignore
      ),
    };
  },
  reference: gammaTerms(xhat, (g) => g),
  // x̂, 9, the product with g, and the additions.
  roundings: ([x], params) => Math.min(params.chunk, channelChunks(x, params).steps) + 10,
  errorScale: gammaTerms(xhatTerms, Math.abs),
};
